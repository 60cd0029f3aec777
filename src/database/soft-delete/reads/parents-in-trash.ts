/** @module Hides populated parents that are in the trash, in memory only: their rows and the foreign keys stay. */
import type { EntityManager, EntityProperty } from '@mikro-orm/core'
import { helper, Reference, Utils } from '@mikro-orm/core'
import { isTrashed } from '../deleted-at.ts'

/** The entity that a relation of another shows. */
export function parentOf(entity: object, prop: EntityProperty): object | undefined {
  const value: unknown = Reflect.get(entity, prop.name)
  const target: unknown = Reference.isReference(value) ? Reference.unwrapReference(value) : value
  return Utils.isEntity<object>(target) ? target : undefined
}

/** Shows null for each parent that is known to be in the trash. */
export function hideTrashed(em: EntityManager, entities: readonly object[], prop: EntityProperty): void {
  // Without a part of its key it would be another.
  if (prop.primary) return
  for (const entity of entities) {
    const parent = parentOf(entity, prop)
    if (!parent || !helper(parent).__initialized || !isTrashed(parent)) continue
    if (!isAssigned(em, entity, prop)) hide(entity, prop)
  }
}

/** What somebody has just assigned is theirs to see, and will be written. */
export function isAssigned(em: EntityManager, entity: object, prop: EntityProperty): boolean {
  if (!prop.owner && prop.mappedBy) return false
  const original = helper(entity).__originalEntityData
  if (!original) return true
  const now = em.getComparator().prepareEntity(entity)
  return !Utils.equals(Reflect.get(now, prop.name), Reflect.get(original, prop.name))
}

/** Whether an entity shows no parent, as it was read: its row may have one that is, or was, in the trash. */
export function lacksParent(em: EntityManager, entity: object, prop: EntityProperty): boolean {
  return Reflect.get(entity, prop.name) === null && !isAssigned(em, entity, prop)
}

export function hide(entity: object, prop: EntityProperty): void {
  setQuietly(entity, prop, null, null)
}

export function show(em: EntityManager, entity: object, prop: EntityProperty, parent: object): void {
  const value = prop.ref ? Reference.create(parent) : parent
  Reflect.set(helper(entity).__data, prop.name, value)
  setQuietly(entity, prop, value, Reflect.get(em.getComparator().prepareEntity(entity), prop.name))
}

/**
 * Sets the property where the entity keeps it: its setter would change the collections of the parent. What the unit of work
 * remembers of the row is set as well, so that it sees no change to write.
 */
function setQuietly(entity: object, prop: EntityProperty, value: unknown, column: unknown): void {
  const { __data: data, __originalEntityData: row } = helper(entity)
  Reflect.set(data, prop.name, value)
  if (row && Object.hasOwn(row, prop.name)) Reflect.set(row, prop.name, column)
}
