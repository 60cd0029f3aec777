/** @module Makes what is populated show the same trash as the query: relations that memory knows already are not read again. */
import type { Collection, EntityManager, EntityMetadata, EntityProperty } from '@mikro-orm/core'
import { helper, QueryHelper, Utils } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { asOwnRead } from '../../insight/own-reads.ts'
import { hasKey } from '../entity-rows.ts'
import { modeOf, type TrashMode } from '../trash-options.ts'
import { leaveOut, wasLoadedIn } from './collections-in-memory.ts'
import { hideEmbedded } from './embedded-parents.ts'
import { preferLive } from './live-other-side.ts'
import { keepKeys } from './parents-in-keys.ts'
import { hideTrashed, lacksParent, parentOf } from './parents-in-trash.ts'
import { type Hint, isSoftToMany, isSoftToOne, relationOf } from './soft-relations.ts'
import { refreshStamps } from './stale-parents.ts'
import { leaveOutStamps } from './stamped-fields.ts'

type Loader = ReturnType<EntityManager['getEntityLoader']>
type Filters = Parameters<typeof QueryHelper.mergePropertyFilters>[1]

interface Options {
  readonly filters?: Filters
  /** The ORM says that it has looked for what is always populated; unlike the caller of `populate`. */
  readonly lookup?: boolean
}

interface SoftHint {
  readonly hint: Hint
  readonly prop: EntityProperty
  readonly mode: TrashMode
}

const known = new WeakSet<Loader>()

/** Seam: `EntityLoader.populate`, through which everything is populated, level by level. */
export function watchPopulating(em: SqlEntityManager, filtersOfJoins: JoinFilters): void {
  const loader = em.getEntityLoader()
  if (known.has(loader)) return
  known.add(loader)
  const populate = loader.populate.bind(loader)
  loader.populate = async (model, entities, hints, options) => {
    // Some callers give more than the type of the loader says.
    const given = { filters: options.filters, lookup: options.lookup } as Options
    const soft = Array.isArray(hints) ? softHints(em.getMetadata().get(model), hints, given) : []
    if (Array.isArray(hints))
      await hideEmbedded(em, em.getMetadata().get(model), entities, hints, given.filters)
    if (soft.length === 0 || entities.length === 0) {
      await populate(model, entities, hints, options)
      return leaveOutStamps(entities, options.fields)
    }
    // Before the ORM looks at them: it takes what is initialised for loaded. What is loaded again are those it gave.
    const meta = em.getMetadata().get(model)
    await prepare(em, meta, entities, soft, given, (again, hint) =>
      populate(model, again as typeof entities, [hint] as typeof hints, { ...options, refresh: true }),
    )
    const putBack = keepKeys(
      entities,
      soft.map(({ hint }) => hint),
      meta,
    )
    await populate(model, entities, hints, options)
    putBack()
    await finish(em, entities, soft)
    leaveOutStamps(entities, options.fields)
  }
  filterPivots(loader, filtersOfJoins)
}

/** `EntityManager.getJoinedFilters`, which is protected. */
type JoinFilters = (meta: EntityMetadata, options: object) => Promise<object | undefined>

/** Seam: `EntityLoader.findChildrenFromPivotTable`, which joins what is populated next without its conditions. */
function filterPivots(loader: Loader, filtersOfJoins: JoinFilters): void {
  const find = loader.findChildrenFromPivotTable.bind(loader)
  loader.findChildrenFromPivotTable = async (owners, prop, options, orderBy, hint, isKeysOnly) => {
    const target: EntityMetadata | undefined = prop.targetMeta
    if (!target || !hint?.children?.length) return find(owners, prop, options, orderBy, hint, isKeysOnly)
    const joined = await filtersOfJoins(target, {
      ...options,
      populate: hint.children,
      populateFilter: undefined,
    })
    const own: object = options.populateFilter ?? {}
    const populateFilter = { ...own, [prop.name]: { ...Reflect.get(own, prop.name), ...joined } }
    const filtered = joined ? { ...options, populateFilter } : options
    // Only the filter has been added.
    return find(owners, prop, filtered as typeof options, orderBy, hint, isKeysOnly)
  }
}

function softHints(meta: EntityMetadata, hints: readonly Hint[], options: Options): SoftHint[] {
  return hints.flatMap((hint) => {
    const prop = relationOf(meta, hint)
    if (!prop || String(hint.field).endsWith(':ref') || !(isSoftToOne(prop) || isSoftToMany(prop))) return []
    return [{ hint, prop, mode: modeOf(QueryHelper.mergePropertyFilters(prop.filters, options.filters)) }]
  })
}

async function prepare(
  em: SqlEntityManager,
  meta: EntityMetadata,
  entities: readonly object[],
  soft: readonly SoftHint[],
  options: Options,
  reload: (entities: object[], hint: Hint) => Promise<void>,
): Promise<void> {
  for (const { hint, prop, mode } of soft) {
    if (isSoftToMany(prop)) {
      const others = entities.filter((entity) => needsReload(entity, prop, mode))
      if (others.length > 0) await reload(others, hint)
      continue
    }
    if (options.lookup === undefined) await readForeignKeys(em, meta, entities, prop)
    if (mode === 'without') {
      await refreshStamps(
        em,
        hint,
        entities.flatMap((entity) => parentOf(entity, prop) ?? []),
      )
      hideTrashed(em, entities, prop)
    }
  }
}

async function finish(
  em: SqlEntityManager,
  entities: readonly object[],
  soft: readonly SoftHint[],
): Promise<void> {
  for (const { hint, prop, mode } of soft) {
    if (isSoftToOne(prop) && mode === 'with') await preferLive(em, entities, prop, hint)
    if (isSoftToOne(prop) && mode === 'without') hideTrashed(em, entities, prop)
    if (!isSoftToMany(prop)) continue
    for (const entity of entities) {
      const collection = collectionOf(entity, prop)
      if (!collection?.isInitialized()) continue
      if (mode === 'without') leaveOut(collection)
      wasLoadedIn.set(collection, mode)
    }
  }
}

/** A collection that was loaded without the trash lacks it, and the ORM would not load it again. */
function needsReload(entity: object, prop: EntityProperty, mode: TrashMode): boolean {
  if (mode === 'without') return false
  const collection = collectionOf(entity, prop)
  if (!collection?.isInitialized() || collection.isDirty()) return false
  return (wasLoadedIn.get(collection) ?? 'with') !== mode
}

/**
 * `session.populate()` of entities whose parents were hidden before, and are asked for with the trash or have come back: their
 * rows tell the keys. (A query has just read the rows by itself.)
 */
async function readForeignKeys(
  em: SqlEntityManager,
  meta: EntityMetadata,
  entities: readonly object[],
  prop: EntityProperty,
): Promise<void> {
  const asked = entities.filter((entity) => helper(entity).__managed && lacksParent(em, entity, prop))
  if (asked.length === 0) return
  const keys = asked.map((entity) => helper(entity).getPrimaryKey())
  const where = hasKey(meta, keys)
  // The name is that of the relation, which the types of the ORM cannot know.
  const options = { fields: [prop.name], populate: [], withTrashed: true } as object
  await asOwnRead(() => em.find<object>(meta.class, where, options))
}

function collectionOf(entity: object, prop: EntityProperty): Collection<object> | undefined {
  const value: unknown = Reflect.get(entity, prop.name)
  return Utils.isCollection<object>(value) ? value : undefined
}
