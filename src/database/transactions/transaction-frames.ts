/** @module The transactions with a function of a session, the innermost last: they nest, and nobody else comes between. */
import type { Transaction } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { CallSite } from '../call-site.ts'
import type { RollbackJournal } from '../sessions/rollback-journal.ts'
import { OverlappingWorkError } from '../sessions/session-errors.ts'
import { TransactionFrame, transactionFrames } from './transaction-frame.ts'

export class TransactionFrames {
  readonly #session: SqlEntityManager
  readonly #frames: TransactionFrame[] = []

  constructor(session: SqlEntityManager) {
    this.#session = session
  }

  /** The innermost one that has begun in the database. */
  get open(): TransactionFrame | undefined {
    return this.#frames.findLast(({ transaction }) => transaction)
  }

  get innermost(): TransactionFrame | undefined {
    return this.#frames.at(-1)
  }

  /** What each of them has noted, the innermost first. */
  get journals(): RollbackJournal[] {
    return this.#frames.map(({ journal }) => journal).toReversed()
  }

  journalAround(frame: TransactionFrame): RollbackJournal | undefined {
    return this.#frames[this.#frames.indexOf(frame) - 1]?.journal
  }

  /** @throws {OverlappingWorkError} inside a transaction that was given a function, which ends by itself */
  refuseInside(what: string): void {
    const running = this.innermost
    if (running)
      throw new OverlappingWorkError(`a transaction (${running.site})`, `${what} (${new CallSite()})`)
  }

  /** @throws {OverlappingWorkError} when a transaction is going on that this code is not in */
  refuseOverlap(what: string): void {
    const running = this.innermost
    if (!running) return
    for (const frame of transactionFrames()) {
      if (frame === running) return
      if (frame.owner === this.#session) break
    }
    throw new OverlappingWorkError(`a transaction (${running.site})`, `${what} (${new CallSite()})`)
  }

  /**
   * Runs a function as the innermost one.
   *
   * @param root the transaction that is open around all of them
   */
  async run<T>(fn: (frame: TransactionFrame) => Promise<T>, root: () => Transaction | undefined): Promise<T> {
    this.refuseOverlap('another transaction')
    const frame = new TransactionFrame(this.#session, new CallSite())
    const before = this.#session.getTransactionContext()
    this.#frames.push(frame)
    try {
      return await frame.run(() => fn(frame))
    } finally {
      frame.isOver = true
      this.#frames.splice(this.#frames.indexOf(frame), 1)
      const after = this.open?.transaction ?? root() ?? before
      if (after) this.#session.setTransactionContext(after)
      else this.#session.resetTransactionContext()
    }
  }
}
