/** @module The EntityManager that does not see what is in the trash, unless it is asked to. */
import type {
  CountByOptions,
  CountOptions,
  Dictionary,
  EntityKey,
  EntityManager,
  EntityMetadata,
  EntityName,
  FilterOptions,
  FilterQuery,
  FindOneOptions,
  Loaded,
  ObjectQuery,
  PopulateOptions,
  StreamOptions,
  WithUsingOptions,
} from '@mikro-orm/core'
import { WritingEntityManager } from '../../sessions/writing-entity-manager.ts'
import { isTrashed } from '../deleted-at.ts'
import { isSoftModel } from '../soft-models.ts'
import { type TrashOptions, trashMode, withTrashFilter } from '../trash-options.ts'
import { inTrashMode } from '../trash-scope.ts'
import { liveRows } from './live-rows.ts'
import { watchMerging } from './merging.ts'
import { addOtherSides, COUNTING, onlyLiveOtherSides } from './other-sides.ts'
import { readApart } from './parents-in-keys.ts'
import { watchPopulating } from './populating.ts'
import './reference-load.ts'
import { mayBeCached } from './result-cache.ts'
import { noteKnown } from './stale-parents.ts'
import { addStamps } from './stamped-fields.ts'
import { inOwnMode } from './stream-in-mode.ts'

type Cache = Parameters<EntityManager['tryCache']>[1]

export abstract class SoftReadingEntityManager extends WritingEntityManager {
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

  override async applyFilters<E extends object>(
    model: EntityName<E>,
    where: FilterQuery<E> | undefined,
    filters: FilterOptions | undefined,
    type: 'read' | 'update' | 'delete',
    options?: Parameters<EntityManager['applyFilters']>[4],
  ): Promise<FilterQuery<E> | undefined> {
    return liveRows<E>(this.getMetadata().get(model), where, filters, (found, others) =>
      super.applyFilters(model, found, others, type, options),
    )
  }

  /** Called by the ORM before everything that may populate. */
  override async preparePopulate<E extends object>(
    model: EntityName<E>,
    options: Parameters<WritingEntityManager['preparePopulate']>[1] & TrashOptions,
    validate?: boolean,
  ): Promise<PopulateOptions<E>[]> {
    // Some callers take the filters from these very options afterwards.
    const { filters } = withTrashFilter(options)
    if (filters !== undefined) options.filters = filters
    watchPopulating(this, (meta, joined) => this.getJoinedFilters(meta, joined))
    watchMerging(this)
    // They are those of a query, and the words that it has more.
    const hints = await super.preparePopulate<E>(model, options as never, validate)
    // Afterwards: the ORM takes each field for one to populate, and to serialise.
    addStamps(this.getMetadata().get(model), options)
    // A stream has nothing but its joins.
    if (!('em' in options)) readApart(this.getMetadata().get(model), hints)
    addOtherSides(this.getMetadata().get(model), hints, options)
    noteKnown(this, this.getMetadata().get(model), hints)
    return hints
  }

  protected override async getJoinedFilters<E extends object>(
    meta: EntityMetadata<E>,
    options: object,
  ): Promise<ObjectQuery<E> | undefined> {
    // The base class calls it with options of its own methods.
    const conditions = await super.getJoinedFilters(meta, options as FindOneOptions<E>)
    return onlyLiveOtherSides(meta, Reflect.get(options, 'populate'), conditions)
  }

  override async count<E extends object, P extends string = never>(
    model: EntityName<E>,
    where?: FilterQuery<NoInfer<E>>,
    options?: CountOptions<E, P>,
  ): Promise<number> {
    // A symbol takes no part in the options of the ORM.
    return super.count(model, where, { ...options, [COUNTING]: true } as CountOptions<E, P>)
  }

  override stream<
    E extends object,
    Hint extends string = never,
    Fields extends string = never,
    Excludes extends string = never,
    Using extends string = never,
  >(
    model: EntityName<E>,
    options?: WithUsingOptions<StreamOptions<NoInfer<E>, Hint, Fields, Excludes>, NoInfer<E>, Using>,
  ): AsyncIterableIterator<Loaded<E, Hint, Fields, Excludes>> {
    // Its joins are filtered by the manager that the driver is given, of which the options do not tell.
    const seen = { ...options, em: this } as typeof options
    return inOwnMode(super.stream<E, Hint, Fields, Excludes, Using>(model, seen))
  }

  override async countBy<E extends object>(
    model: EntityName<E>,
    groupBy: EntityKey<E> | readonly EntityKey<E>[],
    options: CountByOptions<E> & TrashOptions = {},
  ): Promise<Dictionary<number>> {
    return inTrashMode(trashMode(options), () => super.countBy(model, groupBy, options))
  }

  override async tryCache<T extends object, R>(
    model: EntityName<T>,
    config: Cache,
    key: unknown,
    refresh?: boolean,
    merge?: boolean,
  ): Promise<{ data?: R | null; key: string } | undefined> {
    if (!mayBeCached(this.getMetadata().get(model), config, key)) return undefined
    return super.tryCache(model, config, key, refresh, merge)
  }

  override async storeCache<T>(
    config: Cache,
    key: { key: string } | undefined,
    data: T | (() => T),
  ): Promise<void> {
    // Without a key the cache was not asked.
    if (key) await super.storeCache(config, key, data)
  }
}
