/** @module The EntityManager that trashes what is soft-deleted, and does not see it. */
import type {
  DeleteOptions,
  EntityMetadata,
  EntityName,
  FilterQuery,
  FindOneOptions,
  Transaction,
} from '@mikro-orm/core'
import { Reference } from '@mikro-orm/core'
import type { RollbackJournal } from '../sessions/rollback-journal.ts'
import { WritingEntityManager } from '../sessions/writing-entity-manager.ts'
import { trashAll } from './bulk-delete.ts'
import { isTrashed } from './deleted-at.ts'
import { type PruneOptions, pruneTrash } from './prune.ts'
import { restoreAll, restoreEntity } from './restore.ts'
import { isSoftModel } from './soft-models.ts'
import { SoftRemoval } from './soft-removal.ts'
import { type TrashOptions, trashMode, withTrashFilter } from './trash-options.ts'

declare module '@mikro-orm/core' {
  // The type parameter is that of the interface that this declaration is merged with.
  interface DeleteOptions<T> {
    /** Deletes the rows for good, also of a soft-deleted model, and also those in its trash. */
    readonly force?: boolean
  }
}

export abstract class SoftDeletingEntityManager extends WritingEntityManager {
  #softRemoval: SoftRemoval | undefined

  /** What to undo in memory when the innermost transaction fails. */
  abstract get journal(): RollbackJournal

  /** Runs statements of which all take effect or none, in the database and in memory. */
  abstract atomically<T>(statements: (ctx: Transaction, journal: RollbackJournal) => Promise<T>): Promise<T>

  override async flush(): Promise<void> {
    this.#removal().beginOperation()
    await super.flush()
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
   * Brings soft-deleted rows back at once, in the transaction of the scope, with exactly what the same operation had trashed
   * with them.
   *
   * @returns whether the row of the entity was in the trash; by condition, how many rows of the model were
   * @throws {UniqueViolationError} when a live row has taken the place of one; then nothing is restored
   */
  restore(entity: object): Promise<boolean>
  restore<E extends object>(model: EntityName<E>, where: FilterQuery<NoInfer<E>>): Promise<number>
  async restore<E extends object>(
    what: object | EntityName<E>,
    where?: FilterQuery<NoInfer<E>>,
  ): Promise<boolean | number> {
    if (where === undefined) return restoreEntity(this, Reference.unwrapReference(what))
    // Only the overload for models has a condition.
    const meta = this.getMetadata().find<E>(what as EntityName<E>)
    return meta && isSoftModel(meta) ? restoreAll(this, meta, where) : 0
  }

  /**
   * Deletes for good the rows of a model that were trashed before a date, after those that refer to them and are as old. A row
   * stays to which something else refers.
   *
   * @returns how many rows of the model were deleted
   * @throws {BatchSizeError}
   */
  async prune<E extends object>(
    model: EntityName<E>,
    before: Date,
    options: PruneOptions = {},
  ): Promise<number> {
    const meta = this.getMetadata().find<E>(model)
    return meta && isSoftModel(meta) ? pruneTrash(this, meta, before, options) : 0
  }

  /** Deletes by condition; rows of a soft-deleted model are trashed, with one stamp. */
  override async nativeDelete<E extends object>(
    model: EntityName<E>,
    where: FilterQuery<NoInfer<E>>,
    options?: DeleteOptions<E>,
  ): Promise<number> {
    const meta = this.getMetadata().find<E>(model)
    if (!meta || !isSoftModel(meta)) return super.nativeDelete(model, where, options)
    if (options?.force)
      return super.nativeDelete(model, where, withTrashFilter({ withTrashed: true, ...options }))
    return trashAll(this, meta, where, options)
  }

  protected override prepareOptions<O extends TrashOptions & { filters?: unknown }>(options: O): O {
    // The base class asks for options of its own methods, which is where these come from.
    return super.prepareOptions(withTrashFilter(options) as FindOneOptions<object>) as unknown as O
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
    this.#softRemoval ??= new SoftRemoval(this)
    return this.#softRemoval
  }
}
