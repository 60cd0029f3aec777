/** @module What is trashed leaves the loaded collections of others; no row that links them is touched. */

import { helper, ReferenceKind, Utils } from '@mikro-orm/core'
import type { Collection, SqlEntityManager } from '@mikro-orm/sql'
import type { RollbackJournal } from '../sessions/rollback-journal.ts'

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
      if (prop.kind !== ReferenceKind.ONE_TO_MANY && prop.kind !== ReferenceKind.MANY_TO_MANY) continue
      for (const owner of identityMap.getStore(owners.root).values()) {
        const collection: unknown = Reflect.get(owner, prop.name)
        if (Utils.isCollection(collection)) leave(collection, gone, journal)
      }
    }
  }
}

function leave(collection: Collection<object>, gone: ReadonlySet<object>, journal: RollbackJournal): void {
  const leaving = collection.getItems(false).filter((item) => gone.has(item))
  if (leaving.length === 0) return
  journal.noteCollection(collection)
  const wasDirty = collection.isDirty()
  for (const item of leaving) collection.removeWithoutPropagation(item)
  collection.setDirty(wasDirty)
  if (!wasDirty) {
    collection.takeSnapshot()
    return
  }
  // Other changes wait to be written; that this item has left is none of them.
  const snapshot = collection.getSnapshot()
  const kept = snapshot?.filter((item) => !gone.has(item))
  if (snapshot && kept) snapshot.splice(0, snapshot.length, ...kept)
}
