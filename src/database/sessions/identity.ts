/** @module Whether memory takes an entity for one that has a row. */
import type { EntityData, EntityManager } from '@mikro-orm/core'
import { helper } from '@mikro-orm/core'
import { dropLostReferences } from '../soft-delete/trash.ts'

/** Makes entities new again: they have no row. They keep what they hold of each other, so that all can be inserted. */
export function forget(em: EntityManager, entities: Iterable<object>): void {
  const work = em.getUnitOfWork(false)
  const identityMap = work.getIdentityMap()
  const all = [...entities]
  for (const entity of all) if (isIn(em, entity)) identityMap.delete(entity)
  for (const entity of all) {
    // An upsert may have made a second one for a row that another stands for.
    const other = identityMap.getByEntity(entity)
    work.unsetIdentity(entity)
    if (other) identityMap.store(other)
    const wrapped = helper(entity)
    // What takes part in a soft removal that has failed half-way keeps its identity otherwise.
    delete wrapped.__originalEntityData
    wrapped.__managed = false
  }
}

/**
 * Makes an entity one with the row that it had before.
 *
 * @returns whether memory had taken it for one without
 */
export function bringBack(em: EntityManager, entity: object, row: EntityData<object> | undefined): boolean {
  const wrapped = helper(entity)
  if (isReplaced(em, entity)) return false
  const isBack = !wrapped.__managed
  const now = wrapped.__originalEntityData ?? (row ? {} : em.getComparator().prepareEntity(entity))
  wrapped.__originalEntityData = { ...now, ...row }
  if (!isIn(em, entity)) em.getUnitOfWork(false).register(entity)
  wrapped.__managed = true
  return isBack
}

/** Makes an entity a reference again, which claims nothing of its row but the key. */
export function unload(em: EntityManager, entity: object): void {
  const wrapped = helper(entity)
  for (const name of wrapped.__loadedProperties) {
    if (wrapped.__meta.primaryKeys.some((key) => key === name)) continue
    Reflect.deleteProperty(entity, name)
    Reflect.deleteProperty(wrapped.__data, name)
  }
  wrapped.__loadedProperties.clear()
  wrapped.__initialized = false
  wrapped.__originalEntityData = em.getComparator().prepareEntity(entity)
}

/** The ORM has taken what was removed out of the entities that referred to it. */
export function rejoin(em: EntityManager): void {
  for (const entity of em.getUnitOfWork(false).getIdentityMap().values()) dropLostReferences(em, entity)
}

function isIn(em: EntityManager, entity: object): boolean {
  return em.getUnitOfWork(false).getIdentityMap().getByEntity(entity) === entity
}

/** Whether the row of an entity that was let go of has been read into another one. */
export function isReplaced(em: EntityManager, entity: object): boolean {
  const known = em.getUnitOfWork(false).getIdentityMap().getByEntity(entity)
  return known !== undefined && known !== entity
}
