/** @module Lets go of the entities of a session whose work is undone. */
import type { Collection } from '@mikro-orm/core'
import { helper, Utils } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'

/** Detaches every entity. What it was changed to is no change any more, so that no later session writes it. */
export function detachAll(em: SqlEntityManager): void {
  const comparator = em.getComparator()
  for (const entity of em.getUnitOfWork(false).getIdentityMap().values()) {
    const wrapped = helper(entity)
    if (wrapped.__originalEntityData) wrapped.__originalEntityData = comparator.prepareEntity(entity)
    for (const collection of collectionsOf(entity)) {
      if (!collection.isDirty()) continue
      collection.setDirty(false)
      collection.takeSnapshot()
    }
  }
  em.clear()
}

export function collectionsOf(entity: object): Collection<object>[] {
  return helper(entity).__meta.relations.flatMap(({ name }) => {
    const value: unknown = Reflect.get(entity, name)
    return Utils.isCollection(value) ? [value] : []
  })
}
