/** @module The EntityManager that trashes what is soft-deleted. */
import type {
  DeleteOptions,
  EntityData,
  EntityMetadata,
  EntityName,
  FilterQuery,
  FindOneOptions,
  FromEntityType,
  MergeLoaded,
  Transaction,
  UnitOfWork,
  UpsertManyOptions,
  UpsertOptions,
} from '@mikro-orm/core'
import { helper, Reference, Utils } from '@mikro-orm/core'
import type { AnyQueryBuilder, QueryBuilder } from '@mikro-orm/sql'
import type { RollbackJournal } from '../sessions/rollback-journal.ts'
import { trashAll } from './bulk-delete.ts'
import { leaveCollections } from './collections.ts'
import { type PruneOptions, pruneTrash } from './prune.ts'
import { guardQueryBuilder } from './query-builder/guard.ts'
import { showingEmbedded } from './reads/embedded-parents.ts'
import { keepingForeignKeys } from './reads/kept-foreign-keys.ts'
import { SoftReadingEntityManager } from './reads/soft-reading-entity-manager.ts'
import { restoreAll, restoreEntity } from './restore.ts'
import { isSubtype, rowsOfRoot } from './rows-of-subtype.ts'
import { isSoftModel } from './soft-models.ts'
import { SoftRemoval } from './soft-removal.ts'
import { withTrashFilter } from './trash-options.ts'
import { inOneTransaction, isMeetingLive, upsertedModel, upsertLive } from './upsert.ts'

declare module '@mikro-orm/core' {
  // The type parameter is that of the interface that this declaration is merged with.
  interface DeleteOptions<T> {
    /** Deletes the rows for good, also of a soft-deleted model, and also those in its trash. */
    readonly force?: boolean
  }
}

export abstract class SoftDeletingEntityManager extends SoftReadingEntityManager {
  #softRemoval: SoftRemoval | undefined

  /** Runs statements of which all take effect or none, in the database and in memory. */
  abstract atomically<T>(statements: (ctx: Transaction, journal: RollbackJournal) => Promise<T>): Promise<T>

  override async flush(): Promise<void> {
    await this.#removal().operate(() => showingEmbedded(this, () => super.flush()))
  }

  /** Who asks for it may remove or commit with it; a session that was only opened pays nothing. */
  override getUnitOfWork(useContext = true): UnitOfWork {
    // The seams themselves, and the ORM while it makes a session, ask without the context.
    if (useContext) this.#removal()
    return super.getUnitOfWork(useContext)
  }

  override remove(...args: Parameters<SoftReadingEntityManager['remove']>): this {
    this.#removal()
    return super.remove(...args)
  }

  /** Deletes the row of an entity for good at the next flush, also when its model is soft-deleted. */
  forceRemove(entity: object): this {
    const target = Reference.unwrapReference(entity)
    this.#removal().force(target, () => this.remove(target))
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
   * @throws {PruneDateError}
   */
  async prune<E extends object>(
    model: EntityName<E>,
    before: Date,
    options: PruneOptions = {},
  ): Promise<number> {
    const meta = this.getMetadata().find<E>(model)
    return meta && isSoftModel(meta) ? pruneTrash(this, meta, before, options) : 0
  }

  /**
   * Reads an entity again. One whose row is in the trash by now shows that, and stays managed: its row is there.
   *
   * @returns null when its row is not there, or not to be seen
   */
  override async refresh<
    E extends object,
    Naked extends FromEntityType<E> = FromEntityType<E>,
    Hint extends string = never,
    Fields extends string = never,
    Excludes extends string = never,
  >(
    entity: E,
    options: FindOneOptions<E, Hint, Fields, Excludes> = {},
  ): Promise<MergeLoaded<E, Naked, Hint, Fields, Excludes, true> | null> {
    const read = (own: FindOneOptions<E, Hint, Fields, Excludes>) =>
      super.refresh<E, Naked, Hint, Fields, Excludes>(entity, own)
    if (!isSoftModel(helper(entity).__meta) || !helper(entity).__managed) return read(options)
    const found = await this.#removal().keeping(entity, () => read(options))
    if (found) return found
    const isTrashed = await read({ ...options, withTrashed: false, onlyTrashed: true })
    if (isTrashed) leaveCollections(this, this.journal, [entity])
    return null
  }

  /** Deletes by condition; rows of a soft-deleted model are trashed, with one stamp. */
  override async nativeDelete<E extends object>(
    model: EntityName<E>,
    where: FilterQuery<NoInfer<E>>,
    options?: DeleteOptions<E>,
  ): Promise<number> {
    const meta = this.getMetadata().find<E>(model)
    if (!meta || !isSoftModel(meta)) return super.nativeDelete(model, where, options)
    if (isSubtype(meta)) {
      const rows = await rowsOfRoot(this, meta, where, options)
      // The options say nothing of the columns of the model.
      return this.nativeDelete<object>(meta.root.class, rows, options as DeleteOptions<object>)
    }
    if (options?.force)
      return super.nativeDelete(model, where, withTrashFilter({ withTrashed: true, ...options }))
    return trashAll(this, meta, where, options)
  }

  /** Builders see live rows only, and trash where they would delete. */
  override createQueryBuilder<E extends object, Alias extends string = never>(
    ...args: Parameters<typeof SoftReadingEntityManager.prototype.createQueryBuilder<E, Alias>>
  ): QueryBuilder<E, Alias> {
    const builder = super.createQueryBuilder(...args)
    // The guard replaces methods whose types depend on the model by others of the same types.
    guardQueryBuilder(builder as unknown as AnyQueryBuilder, this)
    return builder
  }

  /**
   * Writes a row, to the live row that it meets or as a new one; what is in the trash is neither revived nor changed.
   *
   * @throws {TrashedKeyError} when it has the primary key of a row in the trash
   */
  override async upsert<E extends object, Fields extends string = never>(
    target: EntityName<E> | E,
    data?: EntityData<E> | NoInfer<E>,
    options: UpsertOptions<E, Fields> = {},
  ): Promise<E> {
    const meta = upsertedModel(this, target)
    if (!meta || !isSoftModel(meta) || isMeetingLive(options)) {
      return keepingForeignKeys(this, [data ?? target], options, () => super.upsert(target, data, options))
    }
    const [entity] = await this.#upsertLive<E, Fields>(meta, [data ?? target], options)
    // One row gives one entity.
    return entity as E
  }

  /** Does the same with several rows, each by the unique property that it has a value for. */
  override async upsertMany<E extends object, Fields extends string = never>(
    target: EntityName<E> | E[],
    data?: (EntityData<E> | NoInfer<E>)[],
    options: UpsertManyOptions<E, Fields> = {},
  ): Promise<E[]> {
    const rows = data ?? (Array.isArray(target) ? target : [])
    const meta = upsertedModel(this, Array.isArray(target) ? target[0] : target)
    if (!meta || !isSoftModel(meta) || isMeetingLive(options)) {
      return keepingForeignKeys(this, rows, options, () => super.upsertMany(target, data, options))
    }
    return this.#upsertLive<E, Fields>(meta, rows, options)
  }

  async #upsertLive<E extends object, Fields extends string>(
    meta: EntityMetadata,
    rows: readonly object[],
    options: UpsertManyOptions<E, Fields>,
  ): Promise<E[]> {
    // A row that is about to be trashed is not met any more.
    await this.tryFlush(meta.class, {})
    const upsert = (some: object[], own: UpsertManyOptions<E, Fields>) =>
      // What is no entity is the data of one.
      Utils.isEntity(some[0])
        ? super.upsertMany<E, Fields>(some as E[], undefined, own)
        : super.upsertMany<E, Fields>(meta.class as EntityName<E>, some as EntityData<E>[], own)
    return this.writing(() =>
      inOneTransaction(this, rows.length, options, (own) =>
        keepingForeignKeys(this, rows, own, () => upsertLive<E, Fields>(this, meta, rows, own, upsert)),
      ),
    )
  }

  /** Takes its seams when something may be removed: a session that only reads is opened in half the time. */
  #removal(): SoftRemoval {
    this.#softRemoval ??= new SoftRemoval(this)
    return this.#softRemoval
  }
}
