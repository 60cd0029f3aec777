/** @module Lets go of the entities of a session whose work is undone. */
import type { SqlEntityManager } from '@mikro-orm/sql'
import { dropEdits } from '../soft-delete/trash.ts'
import { dropCollectionEdits } from './collection-memory.ts'

/** Detaches every entity. Each shows its row again, so that no later session takes what is undone for the truth. */
export function detachAll(em: SqlEntityManager): void {
  const entities = [...em.getUnitOfWork(false).getIdentityMap().values()]
  dropCollectionEdits(entities)
  for (const entity of entities) dropEdits(em, entity)
  em.clear()
}
