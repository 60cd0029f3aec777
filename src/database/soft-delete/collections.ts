/** @module What is trashed leaves the loaded collections of others, and comes back to them; no row that links them is touched. */
import type { Collection, EntityProperty } from '@mikro-orm/core'
import { helper, ReferenceKind, Utils } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { setItems } from '../sessions/collection-items.ts'
import type { RollbackJournal } from '../sessions/rollback-journal.ts'
import { parentOf } from './reads/parents-in-trash.ts'
import { relationsTo } from './relations-to.ts'

/** Takes entities out of every collection in memory, in one pass over those that may hold them. */
export function leaveCollections(
  em: SqlEntityManager,
  journal: RollbackJournal,
  entities: Iterable<object>,
): void {
  const gone = new Set(entities)
  const identityMap = em.getUnitOfWork(false).getIdentityMap()
  for (const { meta: owners, prop } of relationsTo(em, gone)) {
    if (!isToMany(prop)) continue
    for (const owner of identityMap.getStore(owners.root).values()) {
      const collection: unknown = Reflect.get(owner, prop.name)
      if (Utils.isCollection(collection)) leave(collection, gone, journal)
    }
  }
}

/** Puts entities at the end of the loaded collections that their rows belong to, as far as memory tells. */
export function joinCollections(
  em: SqlEntityManager,
  journal: RollbackJournal,
  entities: readonly object[],
): void {
  for (const { prop } of relationsTo(em, entities)) {
    const other = prop.mappedBy || prop.inversedBy
    if (!isToMany(prop) || !other) continue
    const joining = new Map<Collection<object>, Set<object>>()
    for (const entity of entities) {
      for (const owner of shownBy(entity, other)) {
        const collection: unknown = Reflect.get(owner, prop.name)
        if (!Utils.isCollection<object>(collection) || !collection.isInitialized()) continue
        if (collection.contains(entity, false)) continue
        joining.set(collection, (joining.get(collection) ?? new Set()).add(entity))
      }
    }
    for (const [collection, back] of joining) join(collection, back, journal)
  }
}

function leave(collection: Collection<object>, gone: ReadonlySet<object>, journal: RollbackJournal): void {
  if (!collection.getItems(false).some((item) => gone.has(item))) return
  journal.noteCollection(collection)
  takeOut(collection, gone)
}

function join(collection: Collection<object>, back: ReadonlySet<object>, journal: RollbackJournal): void {
  journal.noteCollection(collection)
  for (const entity of back) collection.addWithoutPropagation(entity)
  settle(collection, (snapshot) => [...snapshot, ...back])
}

/** Takes items out of a collection, without a change for the unit of work to write. */
export function takeOut(collection: Collection<object>, gone: ReadonlySet<object>): void {
  const items = collection.getItems(false)
  const kept = items.filter((item) => !gone.has(item))
  if (kept.length < items.length) setItems(collection, kept)
  settle(collection, (snapshot) => snapshot.filter((item) => !gone.has(item)))
}

/** Lets a collection seem to have been loaded like that: what else waits to be written keeps waiting. */
function settle(collection: Collection<object>, change: (snapshot: readonly object[]) => object[]): void {
  const snapshot = collection.getSnapshot()
  // Without one, all its rows are about to be replaced.
  if (!snapshot) return
  const loaded = new Set(change(snapshot))
  snapshot.length = 0
  for (const item of loaded) snapshot.push(item)
  const items = collection.getItems(false)
  if (items.length === loaded.size && items.every((item) => loaded.has(item))) collection.setDirty(false)
}

/** What an entity shows in a relation, as far as it has been loaded. */
function shownBy(entity: object, name: string): object[] {
  const prop = helper(entity).__meta.relations.find((each) => each.name === name)
  const value: unknown = Reflect.get(entity, name)
  if (Utils.isCollection(value)) return value.isInitialized() ? value.getItems(false) : []
  const parent = prop && parentOf(entity, prop)
  return parent ? [parent] : []
}

function isToMany({ kind }: EntityProperty): boolean {
  return kind === ReferenceKind.ONE_TO_MANY || kind === ReferenceKind.MANY_TO_MANY
}
