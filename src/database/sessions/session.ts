/** @module The session: an EntityManager that takes part in the end of its scope, and trashes what is soft-deleted. */
import type { EntityName, TransactionOptions as OrmTransactionOptions, Transaction } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import type { Scope } from '../../application/scope.ts'
import { markMaker } from '../models/model-ownership.ts'
import { SoftDeletingEntityManager } from '../soft-delete/soft-deleting-entity-manager.ts'
import { type TrashOptions } from '../soft-delete/trash-options.ts'
import { NoTransactionError, PropagationError } from '../transactions/transaction-errors.ts'
import { checkJoiningOptions, type JoiningOptions } from '../transactions/transaction-options.ts'
import { locksRow } from './lock-mode.ts'
import type { RollbackJournal } from './rollback-journal.ts'
import { SessionInScope, type SessionSettings } from './session-in-scope.ts'
import { SessionWork } from './session-work.ts'

/**
 * One unit of work on a connection. Ask for it as `db.session` inside a scope.
 *
 * @example
 * ```ts
 * import { inject, injectable } from 'limber'
 * import type { Session } from 'limber/database'
 *
 * @injectable()
 * class Shelf {
 *   constructor(@inject('db.session') private readonly session: Session) {}
 *
 *   clear(books: object[]) {
 *     for (const book of books) this.session.remove(book)
 *   }
 * }
 * ```
 */
export class Session extends SoftDeletingEntityManager {
  readonly #work = new SessionWork(this)

  constructor(...args: ConstructorParameters<typeof SqlEntityManager>) {
    super(...args)
    markMaker(this)
  }

  /** Makes the session end with a scope: committed when it succeeds, rolled back when it fails. */
  joinScope(scope: Scope, settings: SessionSettings): void {
    const place = new SessionInScope(this, scope, settings)
    this.#work.join(place)
    scope.enlist(place)
  }

  /** Whether the end of its scope writes what is pending. */
  get flushesAtEnd(): boolean {
    return this.#work.place?.flushesAtEnd ?? false
  }

  /**
   * Writes every pending change.
   *
   * @throws {UniqueViolationError} @throws {ConstraintViolationError} @throws {StaleModelError}
   * @throws {OverlappingWorkError} when another flush of this session, or a transaction, is going on
   */
  override async flush(): Promise<void> {
    await this.#work.ongoing.take(() => this.#flush())
  }

  /** Writes what is pending when the scope ends, after a flush that somebody forgot to await. */
  async flushLast(): Promise<void> {
    await this.#flush()
  }

  /** Called by the ORM before a read, which may have to see what is pending. */
  override async tryFlush<E extends object>(
    model: EntityName<E>,
    options: Parameters<SoftDeletingEntityManager['tryFlush']>[1],
  ): Promise<void> {
    if (locksRow(options)) await this.locking(async () => undefined)
    this.#work.beforeRead()
    await this.#work.ongoing.automatically(() => super.tryFlush(model, options))
  }

  /**
   * Runs a function in a savepoint of the transaction of the scope, or in a transaction of its own outside of one. It works
   * on this very session: when it fails, memory goes back to where it began.
   *
   * @throws {UniqueViolationError} @throws {ConstraintViolationError} @throws {StaleModelError}
   * @throws {PropagationError} for a propagation that needs another session
   */
  override async transactional<T>(
    fn: (em: this) => T | Promise<T>,
    options: Pick<OrmTransactionOptions, 'propagation' | 'isolationLevel'> = {},
  ): Promise<T> {
    const propagation = options.propagation ?? 'nested'
    if (propagation === 'requires_new' || propagation === 'not_supported')
      throw new PropagationError(propagation)
    return this.transaction(fn, {
      propagation,
      ...(options.isolationLevel ? { isolation: options.isolationLevel } : {}),
    })
  }

  /** Runs a function in a transaction of this session; `db.transaction` is the same on the session of the scope. */
  async transaction<T>(fn: (session: this) => T | Promise<T>, options: JoiningOptions = {}): Promise<T> {
    checkJoiningOptions(options)
    this.#work.refuseWrite()
    return this.#work.ongoing.watch(this.#work.transaction.run(() => fn(this), options))
  }

  /** Runs a statement that writes; the end of the scope waits for it, and is told of its failure. */
  override writing<T>(statement: () => Promise<T>): Promise<T> {
    return this.#work.writing(statement)
  }

  /** Runs statements of which all take effect or none, in the database and in memory. */
  override atomically<T>(statements: (ctx: Transaction, journal: RollbackJournal) => Promise<T>): Promise<T> {
    return this.#work.atomically(statements)
  }

  /** Runs a statement that only reads. */
  override reading<T>(statement: () => Promise<T>): Promise<T> {
    return this.#work.reading(statement)
  }

  /** @throws {NoTransactionError} where no transaction, nor the scope of this session, would keep the lock */
  override async locking<T>(statement: () => Promise<T>): Promise<T> {
    this.#work.refuseWrite()
    if (!this.#work.place && !this.isInTransaction()) throw new NoTransactionError('lock')
    return super.locking(statement)
  }

  /** Waits for every flush that is going on. */
  idle(): Promise<void> {
    return this.#work.ongoing.idle()
  }

  override get readsFrom(): 'read' | 'write' {
    return this.#work.readsFrom
  }

  /** Called when a flush has found something to write. */
  async beforeFlush(): Promise<void> {
    await this.#work.beforeFlush()
  }

  /** Ends the session: a transaction that is open is rolled back, and what is not loaded cannot be loaded any more. */
  async close(): Promise<void> {
    if (this.#work.isClosed) return
    this.#work.isClosed = true
    await this.endStreams()
    if (!this.#work.place && this.isInTransaction()) await this.#rollback()
    this.clear()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  override fork(...args: Parameters<SoftDeletingEntityManager['fork']>): this {
    this.#work.refuseClosed()
    const fork = super.fork(...args)
    // What this session has written, a replica may not have for the fork either.
    fork.#work.hasWritten = this.#work.hasWritten
    return fork
  }

  /** Begins the transaction; in a scope it is that of the scope, which ends it unless it is ended by hand before. */
  override async begin({
    isolationLevel,
  }: Parameters<SoftDeletingEntityManager['begin']>[0] = {}): Promise<void> {
    this.#work.transaction.refuseInside('begin()')
    this.#work.refuseWrite()
    await this.#work.transaction.open(isolationLevel)
  }

  /** Makes permanent what was written until now; in a scope, what follows is committed at its end. */
  override async commit(): Promise<void> {
    this.#work.refuseClosed()
    this.#work.transaction.refuseInside('commit()')
    const { place, transaction } = this.#work
    if (!(place || this.isInTransaction())) throw new NoTransactionError('end')
    await this.flush()
    await (place ? place.commitByHand() : transaction.commit())
  }

  /** Undoes what was written until now and detaches what was read. */
  override async rollback(): Promise<void> {
    this.#work.refuseClosed()
    await this.#rollback()
  }

  override get journal(): RollbackJournal {
    return this.#work.transaction.journal
  }

  protected override prepareOptions<O extends TrashOptions & { filters?: unknown }>(options: O): O {
    this.#work.refuseClosed()
    return { connectionType: this.readsFrom, ...super.prepareOptions(options) }
  }

  async #rollback(): Promise<void> {
    this.#work.transaction.refuseInside('rollback()')
    const { place, transaction } = this.#work
    if (!(place || this.isInTransaction())) throw new NoTransactionError('end')
    await (place ?? transaction).rollback()
  }

  #flush(): Promise<void> {
    return this.#work.flush(() => super.flush())
  }
}
