/** @module The session: an EntityManager that takes part in the end of its scope, and trashes what is soft-deleted. */
import type {
  DeleteOptions,
  EntityMetadata,
  EntityName,
  FilterQuery,
  FindOneOptions,
  TransactionOptions,
} from '@mikro-orm/core'
import { Reference } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import type { Scope } from '../application/scope.ts'
import { markMaker } from './model-ownership.ts'
import { hasLaggingReplicas } from './replica-reads.ts'
import { RollbackJournal } from './rollback-journal.ts'
import { SessionTransaction } from './session-transaction.ts'
import { isTrashed } from './soft-delete/deleted-at.ts'
import { restoreRow } from './soft-delete/restore.ts'
import { isSoftModel } from './soft-delete/soft-models.ts'
import { SoftRemoval } from './soft-delete/soft-removal.ts'
import { operationStamp, stampChange } from './soft-delete/trash.ts'
import { type TrashOptions, trashMode, withTrashFilter } from './soft-delete/trash-options.ts'
import { translateStale } from './translate-errors.ts'
import { refuseOwnLock } from './write-lock.ts'
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
  readonly #journal = new RollbackJournal()
  #softRemoval: SoftRemoval | undefined
  #hasWritten = false
  #transaction: SessionTransaction | undefined

  constructor(...args: ConstructorParameters<typeof SqlEntityManager>) {
    super(...args)
    markMaker(this)
  }

  /** Makes the session end with a scope: committed when it succeeds, rolled back when it fails. */
  joinScope(scope: Scope, name: string): void {
    this.#transaction = new SessionTransaction(name, this, scope)
    scope.enlist(this.#transaction)
  }

  /**
   * Writes every pending change.
   *
   * @throws {UniqueViolationError} @throws {ConstraintViolationError} @throws {StaleModelError}
   */
  override async flush(): Promise<void> {
    this.#removal().beginOperation()
    try {
      await translateStale(super.flush())
      this.#endOwnTransaction((journal) => journal.clear())
    } catch (error) {
      this.#endOwnTransaction((journal) => journal.undo(this))
      throw error
    } finally {
      this.#transaction?.resume()
    }
  }

  /**
   * Runs a function in a savepoint of the transaction of the scope, or in a transaction of its own outside of one.
   *
   * @throws {UniqueViolationError} @throws {ConstraintViolationError} @throws {StaleModelError}
   */
  override async transactional<T>(
    fn: (em: this) => T | Promise<T>,
    options?: TransactionOptions,
  ): Promise<T> {
    await this.beforeWrite()
    let inner: Session = this
    const work = (em: this) => {
      inner = em
      return fn(em)
    }
    try {
      const result = await super.transactional(work, options)
      if (inner !== this) inner.#journal.moveTo(this.#journal)
      this.#endOwnTransaction((journal) => journal.clear())
      return result
    } catch (error) {
      if (inner !== this) inner.#journal.undo(inner)
      throw error
    }
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
    await this.beforeWrite()
    this.#journal.noteStamp(entity)
    return restoreRow(this, entity)
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

  /** Opens the transaction of the scope, if there is a scope and it is not open. */
  override async beforeWrite(): Promise<void> {
    this.#hasWritten = true
    if (this.#transaction) await this.#transaction.open()
    else if (!this.isInTransaction()) refuseOwnLock(this.config)
  }

  /** Where reads outside of a transaction go: a replica may not have yet what this session has written. */
  override get readsFrom(): 'read' | 'write' {
    if (!this.config.get('preferReadReplicas')) return 'write'
    return this.#hasWritten && hasLaggingReplicas(this.config) ? 'write' : 'read'
  }

  /** Called when a flush has found something to write. */
  async beforeFlush(): Promise<void> {
    this.#journal.noteCreated(this.getUnitOfWork(false))
    await this.beforeWrite()
  }

  /** Called when what was written is permanent. */
  committed(): void {
    this.#journal.clear()
  }

  /** Called when what was written is undone: memory must not tell otherwise. */
  rolledBack(): void {
    this.#journal.undo(this)
    this.clear()
  }

  protected override prepareOptions<O extends TrashOptions & { filters?: unknown }>(options: O): O {
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
    this.#softRemoval ??= new SoftRemoval(this, this.#journal)
    return this.#softRemoval
  }

  /** Without a transaction around it, a flush has committed, or undone, everything it noted. */
  #endOwnTransaction(end: (journal: RollbackJournal) => void): void {
    if (!this.#transaction && !this.isInTransaction()) end(this.#journal)
  }
}
