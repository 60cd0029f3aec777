/** @module When the statements of a session may run, and what their failure means to its transaction. */
import type { Transaction, UnitOfWork } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { currentScope } from '../../container/resolution-frame.ts'
import { refuseClosed } from '../connections/closed-connections.ts'
import { hasLaggingReplicas, hasWritten, noteWrite } from '../connections/replica-reads.ts'
import { translateErrors, translateStale } from '../connections/translate-errors.ts'
import { SessionTransaction } from '../transactions/session-transaction.ts'
import { refuseOwnReadLock } from '../transactions/write-lock.ts'
import { OngoingWork } from './ongoing-work.ts'
import { changesOf } from './pending-changes.ts'
import { RollbackJournal } from './rollback-journal.ts'
import { ReadOnlyScopeError, SessionClosedError } from './session-errors.ts'
import type { SessionInScope } from './session-in-scope.ts'

export class SessionWork {
  readonly ongoing = new OngoingWork()
  readonly #session: SqlEntityManager
  #place: SessionInScope | undefined
  #transaction: SessionTransaction
  /** Whether the flush that is going on has come to its statements. */
  #isWriting = false
  /** The journal that has noted everything read so far. */
  #notedIn: RollbackJournal | undefined
  hasWritten = false
  isClosed = false

  constructor(session: SqlEntityManager) {
    this.#session = session
    this.#transaction = new SessionTransaction(session)
  }

  /** The part that the session takes in the end of its scope; undefined when it belongs to none. */
  get place(): SessionInScope | undefined {
    return this.#place
  }

  get transaction(): SessionTransaction {
    return this.#transaction
  }

  join(place: SessionInScope): void {
    this.#place = place
    this.#transaction = place.transaction
  }

  /** Runs a statement that writes; the end of the scope waits for it, and is told of its failure. */
  writing<T>(statement: () => Promise<T>): Promise<T> {
    const work = async () => {
      await this.beforeWrite()
      this.#noteManaged()
      return this.#transaction.runStatement(statement)
    }
    return this.ongoing.watch(work())
  }

  /**
   * Runs statements of which all take effect or none. What they note of memory is brought back when one fails; then the
   * innermost transaction has to end, as after a flush that has failed.
   */
  atomically<T>(statements: (ctx: Transaction, journal: RollbackJournal) => Promise<T>): Promise<T> {
    return this.writing(async () => {
      const journal = new RollbackJournal()
      const ctx = this.#session.getTransactionContext<Transaction>()
      try {
        const run = (own: Transaction) => statements(own, journal)
        const connection = this.#session.getConnection('write')
        const result = ctx
          ? await run(ctx)
          : await translateErrors(this.#session, connection.transactional(run))
        if (ctx) journal.moveTo(this.#transaction.journal)
        return result
      } catch (error) {
        if (ctx) this.#transaction.doom(error)
        journal.undo(this.#session)
        throw error
      }
    })
  }

  /** Runs a statement that only reads. */
  async reading<T>(statement: () => Promise<T>): Promise<T> {
    this.refuseClosed()
    this.beforeRead()
    return statement()
  }

  /** Opens the transaction of the scope, if there is a scope and it is not open. */
  async beforeWrite(): Promise<void> {
    this.refuseWrite()
    this.hasWritten = true
    noteWrite(this.#session.config, currentScope())
    await this.#transaction.beforeWrite('a write')
  }

  /** Called before a read: in a database that has a single connection it waits for whoever writes. */
  beforeRead(): void {
    this.#notedIn = undefined
    if (this.#session.isInTransaction()) this.#transaction.beforeRead()
    else refuseOwnReadLock(this.#session.config)
  }

  /** Where reads outside of a transaction go: a replica may not have yet what was written here, or in a scope inside. */
  get readsFrom(): 'read' | 'write' {
    const { config } = this.#session
    if (!config.get('preferReadReplicas')) return 'write'
    if (!hasLaggingReplicas(config)) return 'read'
    const isBehind = this.hasWritten || (this.#place && hasWritten(config, this.#place.scope))
    return isBehind ? 'write' : 'read'
  }

  /** Called when a flush has found something to write. */
  async beforeFlush(): Promise<void> {
    this.#isWriting = true
    const work: UnitOfWork = this.#session.getUnitOfWork(false)
    const { scope } = this.#place ?? {}
    if (scope?.isReadOnly) throw new ReadOnlyScopeError(scope.title, changesOf(work))
    this.#transaction.journal.noteFlush(work)
    await this.beforeWrite()
  }

  /** Runs a flush. When it fails, memory goes back to what the database has. */
  async flush(run: () => Promise<void>): Promise<void> {
    this.refuseClosed()
    // Before the ORM begins: a flush that fails forgets what was to be inserted.
    this.#transaction.refuseOverlap('a flush')
    try {
      await translateStale(this.#transaction.runFlush(run))
    } catch (error) {
      // The statements before the one that failed have been carried out.
      if (this.#isWriting) this.#transaction.doom(error)
      throw error
    } finally {
      this.#isWriting = false
      this.#transaction.resume()
    }
  }

  /** @throws {ReadOnlyScopeError} @throws {SessionClosedError} */
  refuseWrite(): void {
    this.refuseClosed()
    const { scope } = this.#place ?? {}
    if (scope?.isReadOnly) throw new ReadOnlyScopeError(scope.title, [])
  }

  /** @throws {SessionClosedError} @throws {ConnectionClosedError} */
  refuseClosed(): void {
    if (this.isClosed) throw new SessionClosedError()
    refuseClosed(this.#session.config)
  }

  /** What a statement changes and somebody reads back, no flush tells. */
  #noteManaged(): void {
    const { journal } = this.#transaction
    if (journal === this.#notedIn || !this.#session.isInTransaction()) return
    journal.noteManaged(this.#session.getUnitOfWork(false))
    this.#notedIn = journal
  }
}
