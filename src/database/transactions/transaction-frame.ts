/** @module Which transactions the code that runs here is in: whoever else uses their session meanwhile is in its way. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Transaction } from '@mikro-orm/core'
import type { CallSite } from '../call-site.ts'
import { RollbackJournal } from '../sessions/rollback-journal.ts'

const storage = new AsyncLocalStorage<TransactionFrame>()

/** One call of `transaction` while it runs. */
export class TransactionFrame {
  readonly owner: object
  /** Where it was called. */
  readonly site: CallSite
  /** What to undo in memory when it fails. */
  readonly journal = new RollbackJournal()
  readonly outer: TransactionFrame | undefined
  /** Its savepoint, or the transaction itself; undefined while it opens. */
  transaction: Transaction | undefined
  /** Begins it, where that waits for the first statement. */
  open: (() => Promise<void>) | undefined
  isOver = false
  /** Why it must not be committed: a statement in it has failed half-way. */
  doom: { readonly reason: unknown } | undefined

  constructor(owner: object, site: CallSite) {
    this.owner = owner
    this.site = site
    let outer = storage.getStore()
    // One that is over is not held: work that goes on after it would hold them all.
    while (outer?.isOver) outer = outer.outer
    this.outer = outer
  }

  run<T>(fn: () => T): T {
    return storage.run(this, fn)
  }
}

/** The transactions that this code runs in, the innermost first. */
export function* transactionFrames(): Generator<TransactionFrame> {
  for (let frame = storage.getStore(); frame; frame = frame.outer) yield frame
}
