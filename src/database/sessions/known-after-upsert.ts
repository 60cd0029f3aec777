/** @module An upsert gives the entities that memory has: the ORM makes a second one where it learns the key of a row late. */
import { type EntityMetadata, helper } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { forget } from './identity.ts'

/** Runs an upsert of plain data, which gives one entity or several of a model. */
export async function keepKnown<R extends object>(
  em: SqlEntityManager,
  { root }: EntityMetadata,
  upsert: () => Promise<R>,
): Promise<R> {
  const store = em.getUnitOfWork(false).getIdentityMap().getStore(root)
  const before = new Map(store)
  const result = await upsert()
  const known = new Map<object, object>()
  for (const [key, entity] of store) {
    const first = before.get(key)
    if (first && first !== entity) known.set(entity, first)
  }
  for (const [second, first] of known) takePlace(em, first, second)
  if (known.size === 0) return result
  const swap = (entity: object) => known.get(entity) ?? entity
  // Both are entities of the same model.
  return (Array.isArray(result) ? result.map(swap) : swap(result)) as R
}

function takePlace(em: SqlEntityManager, first: object, second: object): void {
  const { __meta: meta, __originalEntityData: row = {} } = helper(second)
  forget(em, [second])
  const wrapped = helper(first)
  em.getHydrator().hydrate(first, meta, row, em.getEntityFactory(), 'full', false, true)
  wrapped.__initialized = true
  em.getUnitOfWork(false).register(first, { ...wrapped.__originalEntityData, ...row }, { refresh: true })
}
