/** @module The EntityManager that trashes what is soft-deleted, and does not see it. */
import type {
  DeleteOptions,
  EntityData,
  EntityMetadata,
  EntityName,
  FilterQuery,
  FindOneOptions,
  UpsertManyOptions,
  UpsertOptions,
} from '@mikro-orm/core'
import { Reference, Utils } from '@mikro-orm/core'
import type { RollbackJournal } from '../sessions/rollback-journal.ts'
import { WritingEntityManager } from '../sessions/writing-entity-manager.ts'
import { isTrashed } from './deleted-at.ts'
import { restoreRow } from './restore.ts'
import { isSoftModel } from './soft-models.ts'
import { SoftRemoval } from './soft-removal.ts'
import { operationStamp, stampChange } from './trash.ts'
import { type TrashOptions, trashMode, withTrashFilter } from './trash-options.ts'
import { inOneTransaction, isMeetingLive, upsertedModel, upsertLive } from './upsert.ts'

export abstract class SoftDeletingEntityManager extends WritingEntityManager {
  #softRemoval: SoftRemoval | undefined

  /** What to undo in memory when the innermost transaction fails. */
  abstract get journal(): RollbackJournal

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
   * Brings a soft-deleted row back at once, in the transaction of the scope.
   *
   * @returns whether the row was in the trash
   * @throws {UniqueViolationError} when a live row has taken its place
   */
  async restore(entity: object): Promise<boolean> {
    return this.writing(() => {
      this.journal.noteStamp(entity)
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
    if (!meta || !isSoftModel(meta) || isMeetingLive(options)) return super.upsert(target, data, options)
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
    if (!meta || !isSoftModel(meta) || isMeetingLive(options)) return super.upsertMany(target, data, options)
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
        upsertLive<E, Fields>(this, meta, rows, own, upsert),
      ),
    )
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
    this.#softRemoval ??= new SoftRemoval(this, () => this.journal)
    return this.#softRemoval
  }
}
