/**
 * @module Lets a child whose parent is set to null leave the collection of the parent that it had. By itself the ORM does so
 * for another parent only, and a child that stays in a collection is removed with its owner.
 */
import type { EntityProperty, MikroORM } from '@mikro-orm/core'
import { helper, Reference, ReferenceKind, Utils } from '@mikro-orm/core'

/** Seam: the accessors that the ORM has put on the prototypes of models, and those that it gives to their entities. */
export function leaveParents(orm: MikroORM): void {
  const hydrator = orm.em.getHydrator()
  for (const meta of orm.getMetadata()) {
    if (meta.embeddable || meta.virtual) continue
    for (const prop of meta.relations.filter(hasSiblings)) {
      const accessor: PropertyDescriptor | undefined = meta.definedProperties[prop.name]
      const set = accessor?.set
      if (!accessor || !set) continue
      accessor.set = function (this: object, value: unknown) {
        // What is read says nothing of the children of a parent that is hidden.
        if (value == null && !hydrator.isRunning()) leave(this, prop)
        set.call(this, value)
      }
      onFirstUse(meta.prototype, prop.name, accessor)
    }
  }
}

/** An entity gets the accessor when its property is set for the first time, or after it was deleted. */
function onFirstUse(prototype: object, name: string, accessor: PropertyDescriptor): void {
  Object.defineProperty(prototype, name, {
    set(this: object, value: unknown) {
      Object.defineProperty(this, name, accessor)
      Reflect.set(this, name, value)
    },
    configurable: true,
  })
}

function hasSiblings({ kind, inversedBy }: EntityProperty): boolean {
  return kind === ReferenceKind.MANY_TO_ONE && Boolean(inversedBy)
}

function leave(child: object, { name, inversedBy }: EntityProperty): void {
  const parent: unknown = Reference.unwrapReference(Reflect.get(helper(child).__data, name) ?? {})
  const siblings: unknown = Reflect.get(Object(parent), String(inversedBy))
  if (Utils.isCollection(siblings)) siblings.removeWithoutPropagation(child)
}
