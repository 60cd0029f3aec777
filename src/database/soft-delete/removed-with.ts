/** @module What the ORM removes with an entity: the loaded entities along its cascades. */
import { Cascade, type EntityProperty, helper, Reference, Utils } from '@mikro-orm/core'

export function removedWith(entity: object, found = new Set<object>()): ReadonlySet<object> {
  if (found.has(entity)) return found
  found.add(entity)
  for (const prop of helper(entity).__meta.relations.filter(cascadesRemove)) {
    const value: unknown = Reflect.get(entity, prop.name)
    const target = Utils.isCollection(value)
      ? value.getItems(false)
      : [Reference.unwrapReference(value ?? {})]
    for (const each of target) if (Utils.isEntity<object>(each)) removedWith(each, found)
  }
  return found
}

export function cascadesRemove({ orphanRemoval, cascade }: EntityProperty): boolean {
  return (
    Boolean(orphanRemoval) || (cascade ?? []).some((each) => each === Cascade.REMOVE || each === Cascade.ALL)
  )
}
