/** @module What is trashed leaves the loaded collections of others, and comes back to them; no row that links them is touched. */
import type { Collection, EntityProperty } from '@mikro-orm/core'
import { helper, ReferenceKind, Utils } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import type { RollbackJournal } from '../sessions/rollback-journal.ts'
import { parentOf } from './reads/parents-in-trash.ts'

/** Takes entities out of every collection in memory, in one pass over those that may hold them. */
export function leaveCollections(
  em: SqlEntityManager,
  journal: RollbackJournal,
  entities: Iterable<object>,
): void {
  const gone = new Set(entities)
  const identityMap = em.getUnitOfWork(false).getIdentityMap()
  for (const meta of new Set([...gone].map((entity) => helper(entity).__meta))) {
    for (const { meta: owners, prop } of meta.referencingProperties) {
      if (!isToMany(prop)) continue
      for (const owner of identityMap.getStore(owners.root).values()) {
        const collection: unknown = Reflect.get(owner, prop.name)
        if (Utils.isCollection(collection)) leave(collection, gone, journal)
      }
    }
  }
}

/** Puts entities at the end of the loaded collections that their rows belong to, as far as memory tells. */
export function joinCollections(journal: RollbackJournal, entities: Iterable<object>): void {
  for (const entity of entities) {
    for (const prop of helper(entity).__meta.relations) {
      const other = prop.inversedBy || prop.mappedBy
      if (!other) continue
      for (const target of targetsOf(entity, prop)) {
        const collection: unknown = Reflect.get(target, other)
        if (Utils.isCollection(collection) && collection.isInitialized()) join(collection, entity, journal)
      }
    }
  }
}

function leave(collection: Collection<object>, gone: ReadonlySet<object>, journal: RollbackJournal): void {
  if (!collection.getItems(false).some((item) => gone.has(item))) return
  journal.noteCollection(collection)
  takeOut(collection, gone)
}

function join(collection: Collection<object>, entity: object, journal: RollbackJournal): void {
  if (collection.contains(entity, false)) return
  journal.noteCollection(collection)
  collection.addWithoutPropagation(entity)
  settle(collection, (snapshot) => [...snapshot, entity])
}

/** Takes items out of a collection, without a change for the unit of work to write. */
export function takeOut(collection: Collection<object>, gone: ReadonlySet<object>): void {
  for (const item of collection.getItems(false)) if (gone.has(item)) collection.removeWithoutPropagation(item)
  settle(collection, (snapshot) => snapshot.filter((item) => !gone.has(item)))
}

/** Lets a collection seem to have been loaded like that: what else waits to be written keeps waiting. */
function settle(collection: Collection<object>, change: (snapshot: readonly object[]) => object[]): void {
  const snapshot = collection.getSnapshot()
  // Without one, all its rows are about to be replaced.
  if (!snapshot) return
  snapshot.splice(0, snapshot.length, ...change(snapshot))
  const loaded = new Set(snapshot)
  const items = collection.getItems(false)
  if (items.length === loaded.size && items.every((item) => loaded.has(item))) collection.setDirty(false)
}

function targetsOf(entity: object, prop: EntityProperty): object[] {
  const value: unknown = Reflect.get(entity, prop.name)
  if (Utils.isCollection(value)) return value.isInitialized() ? value.getItems(false) : []
  const target = parentOf(entity, prop)
  return target ? [target] : []
}

function isToMany({ kind }: EntityProperty): boolean {
  return kind === ReferenceKind.ONE_TO_MANY || kind === ReferenceKind.MANY_TO_MANY
}
