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

export function cascadesRemove(relation: EntityProperty): boolean {
  return removalRule(relation) !== undefined
}

/** What says that the ORM removes the other side as well, as its declaration spells it. */
export function removalRule({ orphanRemoval, cascade }: EntityProperty): string | undefined {
  if (orphanRemoval) return 'orphanRemoval'
  if (cascade?.includes(Cascade.ALL)) return 'Cascade.ALL'
  return cascade?.includes(Cascade.REMOVE) ? 'Cascade.REMOVE' : undefined
}
