/** @module The session: an EntityManager that takes part in the end of its scope, and trashes what is soft-deleted. */
import type {
  DeleteOptions,
  EntityMetadata,
  EntityName,
  FilterQuery,
  FindOneOptions,
  TransactionOptions as OrmTransactionOptions,
} from '@mikro-orm/core'
import { Reference } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import type { Scope } from '../../application/scope.ts'
import { dialectOf } from '../connections/dialect-of.ts'
import { hasLaggingReplicas } from '../connections/replica-reads.ts'
import { translateStale } from '../connections/translate-errors.ts'
import { markMaker } from '../models/model-ownership.ts'
import { isTrashed } from '../soft-delete/deleted-at.ts'
import { restoreRow } from '../soft-delete/restore.ts'
import { isSoftModel } from '../soft-delete/soft-models.ts'
import { SoftRemoval } from '../soft-delete/soft-removal.ts'
import { operationStamp, stampChange } from '../soft-delete/trash.ts'
import { type TrashOptions, trashMode, withTrashFilter } from '../soft-delete/trash-options.ts'
import { SessionTransaction } from '../transactions/session-transaction.ts'
import {
  PropagationError,
  ReadOnlyScopeError,
  SessionClosedError,
  TransactionConflictError,
} from '../transactions/transaction-errors.ts'
import type { JoiningOptions } from '../transactions/transaction-options.ts'
import { refuseOwnLock, refuseOwnReadLock } from '../transactions/write-lock.ts'
import { FlushTurns } from './flush-turns.ts'
import { locksRow } from './lock-mode.ts'
import { changesOf } from './pending-changes.ts'
import type { RollbackJournal } from './rollback-journal.ts'
import { SessionInScope, type SessionSettings } from './session-in-scope.ts'
import { WritingEntityManager } from './writing-entity-manager.ts'

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
export class Session extends WritingEntityManager {
  #softRemoval: SoftRemoval | undefined
  #place: SessionInScope | undefined
  #transaction = new SessionTransaction(this)
  readonly #flushes = new FlushTurns()
  /** Whether the flush that is going on has come to its statements. */
  #isWriting = false
  #hasWritten = false
  #isClosed = false

  constructor(...args: ConstructorParameters<typeof SqlEntityManager>) {
    super(...args)
    markMaker(this)
  }

  /** Makes the session end with a scope: committed when it succeeds, rolled back when it fails. */
  joinScope(scope: Scope, settings: SessionSettings): void {
    this.#place = new SessionInScope(this, scope, settings)
    this.#transaction = this.#place.transaction
    scope.enlist(this.#place)
  }

  /**
   * Writes every pending change.
   *
   * @throws {UniqueViolationError} @throws {ConstraintViolationError} @throws {StaleModelError}
   * @throws {OverlappingWorkError} when another flush of this session, or a transaction, is going on
   */
  override async flush(): Promise<void> {
    await this.#flushes.take(() => this.#flush())
  }

  /** Writes what is pending when the scope ends, after a flush that somebody forgot to await. */
  async flushLast(): Promise<void> {
    await this.#flush()
  }

  /** Called by the ORM before a read, which may have to see what is pending. */
  override async tryFlush<E extends object>(
    model: EntityName<E>,
    options: Parameters<WritingEntityManager['tryFlush']>[1],
  ): Promise<void> {
    if (locksRow(options)) await this.locking(async () => undefined)
    else this.beforeRead()
    await this.#flushes.automatically(() => super.tryFlush(model, options))
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
    await this.#refuseWrite()
    return this.#flushes.watch(this.#transaction.run(() => fn(this), options))
  }

  override remove(...args: Parameters<WritingEntityManager['remove']>): this {
    this.#removal()
    return super.remove(...args)
  }

  /** Deletes the row of an entity for good at the next flush, also when its model is soft-deleted. */
  forceRemove(entity: object): this {
    const target = Reference.unwrapReference(entity)
    this.#removal().force(target)
    this.remove(target)
    return this
  }

  /**
   * Brings a soft-deleted row back at once, in the transaction of the scope.
   *
   * @returns whether the row was in the trash
   * @throws {UniqueViolationError} when a live row has taken its place
   */
  async restore(entity: object): Promise<boolean> {
    return this.writing(() => {
      this.#transaction.journal.noteStamp(entity)
      return restoreRow(this, entity)
    })
  }

  /** Deletes by condition; rows of a soft-deleted model are trashed, with one stamp. */
  override async nativeDelete<E extends object>(
    model: EntityName<E>,
    where: FilterQuery<NoInfer<E>>,
    options?: DeleteOptions<E>,
  ): Promise<number> {
    if (!isSoftModel(this.getMetadata().find(model))) return super.nativeDelete(model, where, options)
    return this.nativeUpdate(model, where, stampChange<E>(operationStamp()), options)
  }

  /** Runs a statement that writes; the end of the scope waits for it, and is told of its failure. */
  override writing<T>(statement: () => Promise<T>): Promise<T> {
    const work = async () => {
      await this.beforeWrite()
      return this.#noteFailure(statement)
    }
    return this.#flushes.watch(work())
  }

  /** Runs a statement that only reads. */
  override async reading<T>(statement: () => Promise<T>): Promise<T> {
    this.refuseClosed()
    this.beforeRead()
    return this.#noteFailure(statement)
  }

  /** Opens the transaction of the scope, if there is a scope and it is not open. */
  async beforeWrite(): Promise<void> {
    await this.#refuseWrite()
    this.#hasWritten = true
    await this.#transaction.beforeWrite('a write')
  }

  /** Called before a read: in a database that has a single connection it waits for whoever writes. */
  beforeRead(): void {
    if (!this.isInTransaction()) refuseOwnReadLock(this.config)
  }

  /** Waits for every flush that is going on. */
  idle(): Promise<void> {
    return this.#flushes.idle()
  }

  /** Where reads outside of a transaction go: a replica may not have yet what this session has written. */
  override get readsFrom(): 'read' | 'write' {
    if (!this.config.get('preferReadReplicas')) return 'write'
    return this.#hasWritten && hasLaggingReplicas(this.config) ? 'write' : 'read'
  }

  /** Called when a flush has found something to write. */
  async beforeFlush(): Promise<void> {
    this.#isWriting = true
    const work = this.getUnitOfWork(false)
    const { scope } = this.#place ?? {}
    if (scope?.isReadOnly) throw new ReadOnlyScopeError(scope.title, changesOf(work))
    this.#transaction.journal.noteFlush(work)
    await this.beforeWrite()
  }

  /** Ends the session: a transaction that is open is rolled back, and what is not loaded cannot be loaded any more. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.endStreams()
    if (!this.#place && this.isInTransaction()) await this.rollback()
    this.clear()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  override fork(...args: Parameters<WritingEntityManager['fork']>): this {
    this.refuseClosed()
    const fork = super.fork(...args)
    // What this session has written, a replica may not have for the fork either.
    fork.#hasWritten = this.#hasWritten
    return fork
  }

  /** Begins the transaction; in a scope it is that of the scope, which ends it unless it is ended by hand before. */
  override async begin(...args: Parameters<WritingEntityManager['begin']>): Promise<void> {
    this.#transaction.refuseInside('begin()')
    if (this.#place) return this.beforeWrite()
    await this.#refuseWrite()
    refuseOwnLock(this.config)
    await super.begin(...args)
  }

  /** Makes permanent what was written until now; in a scope, what follows is committed at its end. */
  override async commit(): Promise<void> {
    this.#transaction.refuseInside('commit()')
    if (!this.#place) return super.commit()
    await this.flush()
    await this.#place.commit()
  }

  /** Undoes what was written until now and detaches what was read. */
  override async rollback(): Promise<void> {
    this.#transaction.refuseInside('rollback()')
    if (!this.#place) return super.rollback()
    await this.#place.rollback()
  }

  /** @throws {SessionClosedError} */
  refuseClosed(): void {
    if (this.#isClosed) throw new SessionClosedError()
  }

  protected override prepareOptions<O extends TrashOptions & { filters?: unknown }>(options: O): O {
    this.refuseClosed()
    // The base class asks for options of its own methods, which is where these come from.
    const prepared = super.prepareOptions(withTrashFilter(options) as FindOneOptions<object>)
    return { connectionType: this.readsFrom, ...prepared } as unknown as O
  }

  /** The identity map is not filtered: what is in the trash has to be asked of the database, which is. */
  protected override shouldRefresh<T extends object, P extends string, F extends string, X extends string>(
    meta: EntityMetadata<T>,
    entity: T,
    options: FindOneOptions<T, P, F, X>,
  ): boolean {
    const hidden = trashMode(options) === 'without' && isSoftModel(meta) && isTrashed(entity)
    return hidden || super.shouldRefresh(meta, entity, options)
  }

  /** Takes its seams when something may be removed: a session that only reads is opened in half the time. */
  #removal(): SoftRemoval {
    this.#softRemoval ??= new SoftRemoval(this, () => this.#transaction.journal)
    return this.#softRemoval
  }

  async #flush(): Promise<void> {
    this.refuseClosed()
    // Before the ORM begins: a flush that fails forgets what was to be inserted.
    this.#transaction.refuseOverlap('a flush')
    this.#removal().beginOperation()
    try {
      await translateStale(super.flush())
      this.#endOwnTransaction((journal) => journal.clear())
    } catch (error) {
      // The statements before the one that failed have been carried out.
      if (this.#isWriting) this.#transaction.doom(error)
      this.#noteLoss(error)
      this.#endOwnTransaction((journal) => journal.undo(this))
      throw error
    } finally {
      this.#isWriting = false
      this.#transaction.resume()
    }
  }

  /** PostgreSQL undoes a transaction in which a statement has failed, and answers its commit without an error. */
  async #noteFailure<T>(statement: () => Promise<T>): Promise<T> {
    try {
      return await statement()
    } catch (error) {
      if (this.isInTransaction() && dialectOf(this.config) === 'postgres') this.#transaction.doom(error)
      this.#noteLoss(error)
      throw error
    }
  }

  /** MariaDB and MySQL end the whole transaction when it loses a conflict, and go on as if there had been none. */
  #noteLoss(error: unknown): void {
    if (error instanceof TransactionConflictError && dialectOf(this.config) === 'mysql')
      this.#transaction.lose(error)
  }

  async #refuseWrite(): Promise<void> {
    this.refuseClosed()
    const { scope } = this.#place ?? {}
    if (scope?.isReadOnly) throw new ReadOnlyScopeError(scope.title, [])
  }

  /** Without a transaction around it, a flush has committed, or undone, everything it noted. */
  #endOwnTransaction(end: (journal: RollbackJournal) => void): void {
    if (!this.#place && !this.isInTransaction()) end(this.#transaction.journal)
  }
}
