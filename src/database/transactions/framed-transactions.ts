/** @module The transactions of a session that end with a function: savepoints, and those of a session that belongs to no scope. */
import type { Transaction } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import type { Scope } from '../../application/scope.ts'
import { attachCause, attemptAll } from '../../errors/attempt-all.ts'
import { detachAll } from '../sessions/detach-all.ts'
import type { RollbackJournal } from '../sessions/rollback-journal.ts'
import { SavepointMemory } from './savepoint-memory.ts'
import type { TransactionFate } from './transaction-fate.ts'
import type { TransactionFrame } from './transaction-frame.ts'
import type { TransactionFrames } from './transaction-frames.ts'
import type { Isolation } from './transaction-options.ts'
import type { TransactionStatements } from './transaction-statements.ts'
import { holdWriter, refuseOwnLock } from './write-lock.ts'

interface Parts {
  readonly session: SqlEntityManager
  readonly frames: TransactionFrames
  readonly fate: TransactionFate
  readonly statements: TransactionStatements
  /** That of the transaction around all of them. */
  readonly journal: RollbackJournal
}

export class FramedTransactions {
  readonly #session: SqlEntityManager
  readonly #frames: TransactionFrames
  readonly #fate: TransactionFate
  readonly #statements: TransactionStatements
  readonly #journal: RollbackJournal

  constructor({ session, frames, fate, statements, journal }: Parts) {
    this.#session = session
    this.#frames = frames
    this.#fate = fate
    this.#statements = statements
    this.#journal = journal
  }

  journalAround(frame: TransactionFrame): RollbackJournal {
    return this.#frames.journalAround(frame) ?? this.#journal
  }

  /** @param scope whose callbacks after the commit are forgotten when the savepoint is undone */
  async inSavepoint<T>(frame: TransactionFrame, fn: () => Promise<T>, scope: Scope | undefined): Promise<T> {
    const ctx = this.#session.getTransactionContext()
    const savepoint = await this.#statements.savepoint(ctx)
    this.#enter(frame, savepoint)
    const memory = new SavepointMemory(this.#session, frame.journal)
    const forgetAfterCommit = scope?.markAfterCommit()
    try {
      const result = await fn()
      this.#fate.refuseCommit(frame)
      await this.#statements.commit(savepoint)
      frame.journal.moveTo(this.journalAround(frame))
      return result
    } catch (error) {
      forgetAfterCommit?.()
      // The savepoint stays on the stack of the database until it is released.
      const steps = [() => this.#statements.rollback(savepoint), () => this.#statements.commit(savepoint)]
      const back = () => {
        frame.doom = undefined
        return memory.restore()
      }
      const errors = await attemptAll([...steps, back])
      frame.journal.moveTo(this.journalAround(frame))
      if (errors.length > 0) this.#fail(error, errors)
      throw error
    }
  }

  /**
   * For a session that belongs to no scope.
   *
   * @param isFlush begins with its first statement; when it fails, its entities stay managed
   */
  async alone<T>(
    frame: TransactionFrame,
    fn: () => Promise<T>,
    { isolation, isFlush = false }: { isolation?: Isolation | undefined; isFlush?: boolean },
  ): Promise<T> {
    let release: (() => void) | undefined
    frame.open = async () => {
      refuseOwnLock(this.#session.config)
      const transaction = await this.#statements.begin(isolation)
      release = holdWriter(this.#session.config, frame, `transaction (${frame.site})`, transaction)
      this.#enter(frame, transaction)
      frame.journal.noteManaged(this.#session.getUnitOfWork(false))
      await this.#fate.begin(transaction, frame)
    }
    try {
      if (!isFlush) await frame.open()
      const result = await fn()
      this.#fate.refuseCommit(frame)
      this.#fate.release()
      if (frame.transaction) await this.#statements.commit(frame.transaction)
      frame.journal.clear()
      return result
    } catch (error) {
      this.#fate.release()
      const { transaction } = frame
      const errors = await attemptAll(transaction ? [() => this.#statements.rollback(transaction)] : [])
      frame.journal.undo(this.#session)
      if (!isFlush) detachAll(this.#session)
      for (const second of errors) attachCause(error, second)
      throw error
    } finally {
      this.#fate.end()
      release?.()
    }
  }

  #enter(frame: TransactionFrame, transaction: Transaction): void {
    frame.transaction = transaction
    this.#session.setTransactionContext(transaction)
  }

  /** The savepoint could not be undone: nothing around it may be committed either. */
  #fail(error: unknown, errors: readonly unknown[]): void {
    this.#fate.doomAll(error)
    detachAll(this.#session)
    for (const second of errors) attachCause(error, second)
  }
}
