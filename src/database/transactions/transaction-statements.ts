/** @module The statements that begin and end transactions and savepoints, with the errors of Limber. */
import { IsolationLevel, type Transaction, TransactionEventBroadcaster } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { translateErrors } from '../connections/translate-errors.ts'
import { hasLostTransaction } from './lost-transaction.ts'
import { TransactionLostError } from './transaction-errors.ts'
import type { Isolation } from './transaction-options.ts'
import { waitForWriter } from './write-lock.ts'

export class TransactionStatements {
  readonly #session: SqlEntityManager
  readonly #writerTimeout: number

  /** @param writerTimeout how long a transaction waits for others where one can write, in milliseconds */
  constructor(session: SqlEntityManager, writerTimeout: number) {
    this.#session = session
    this.#writerTimeout = writerTimeout
  }

  begin(isolation: Isolation | undefined): Promise<Transaction> {
    const isolationLevel = Object.values(IsolationLevel).find((level) => level === isolation)
    const sessionContext = this.#session.getTransactionSessionContext()
    const opening = this.#session.getConnection('write').begin({
      ...(sessionContext ? { sessionContext } : {}),
      ...(isolationLevel ? { isolationLevel } : {}),
      eventBroadcaster: new TransactionEventBroadcaster(this.#session, { topLevelTransaction: true }),
    })
    const begun = translateErrors(this.#session, opening)
    return waitForWriter(this.#session.config, begun, this.#writerTimeout, (late) => this.rollback(late))
  }

  savepoint(ctx: Transaction): Promise<Transaction> {
    const opening = this.#session
      .getConnection('write')
      .begin({ ctx, eventBroadcaster: new TransactionEventBroadcaster(this.#session) })
    return translateErrors(this.#session, opening)
  }

  /** @throws {TransactionLostError} when statements would be committed one by one */
  refuseLost(): void {
    if (hasLostTransaction(this.#session.getConnection('write'))) throw new TransactionLostError()
  }

  /** Commits a transaction, or releases a savepoint. */
  commit(transaction: Transaction): Promise<void> {
    const events = new TransactionEventBroadcaster(this.#session)
    return translateErrors(this.#session, this.#session.getConnection('write').commit(transaction, events))
  }

  /** Rolls a transaction back, or goes back to a savepoint. */
  async rollback(transaction: Transaction): Promise<void> {
    const events = new TransactionEventBroadcaster(this.#session)
    const connection = this.#session.getConnection('write')
    // One that the database has ended is begun again: only a rollback gives its connection back.
    if (hasLostTransaction(connection)) await connection.execute('begin', [], 'run', transaction)
    await connection.rollback(transaction, events)
    this.#session.getUnitOfWork(false).clearActionsQueue()
  }
}
