/** @module The deletion stamp: of an operation, of a row, and of the entity in memory. */
import type { EntityDictionary, EntityManager } from '@mikro-orm/core'
import { helper } from '@mikro-orm/core'
import { DELETED_AT } from './deleted-at.ts'

/** Sets the stamp in memory as the database has it, so that it is not seen as a change. */
export function mirrorStamp(em: EntityManager, entity: object, stamp: Date | null): void {
  Reflect.set(entity, DELETED_AT, stamp)
  const wrapped = helper(entity)
  wrapped.__originalEntityData = em.getComparator().prepareEntity(entity)
}

/** The change that trashes a row, or with null brings it back. */
export function stampChange<T extends object>(stamp: Date | null): EntityDictionary<T> {
  // Every soft-deleted model has the column; the type of the model may not declare it.
  return { [DELETED_AT]: stamp } as unknown as EntityDictionary<T>
}

let last = 0

/** The time of one delete operation: in this process no two are equal, also when the clock stands still. */
export function operationStamp(): Date {
  last = Math.max(Date.now(), last + 1)
  return new Date(last)
}
