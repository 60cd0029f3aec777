/** @module Reading a row changes only the entity of this row: not the other side of a one-to-one, nor collections of parents. */
import type { EntityManager, EntityMetadata, EntityProperty } from '@mikro-orm/core'
import { helper, Utils } from '@mikro-orm/core'
import { isTrashed } from '../deleted-at.ts'
import { isSoftModel } from '../soft-models.ts'
import { leaveParents } from './collections-in-memory.ts'
import { isAssigned, parentOf } from './parents-in-trash.ts'
import { isSoftToOne } from './soft-relations.ts'

type Factory = ReturnType<EntityManager['getEntityFactory']>

const known = new WeakSet<Factory>()
const otherSides = new WeakMap<EntityMetadata, readonly EntityProperty[]>()

/**
 * Seam: `EntityFactory.create`, which merges a row into the entity that is there. The setter that it calls takes the foreign
 * key from the row on the other side, where it is kept.
 */
export function watchMerging(em: EntityManager): void {
  const factory = em.getEntityFactory()
  if (known.has(factory)) return
  known.add(factory)
  const create = factory.create.bind(factory)
  // It passes on what it is given and what the method it replaces gives.
  factory.create = ((...args: Parameters<typeof create>) => {
    const [model, data] = args
    if (Utils.isPlainObject(data)) forget(em, em.getMetadata().get(model), data)
    const entity = create(...args)
    // The ORM puts what it reads into the collections of its parents.
    if (isSoftModel(em.getMetadata().get(model)) && isTrashed(entity)) leaveParents(entity)
    return entity
  }) as typeof factory.create
}

function forget(em: EntityManager, meta: EntityMetadata, row: object): void {
  const sides = otherSidesOf(meta).filter(({ name }) => name in row)
  if (sides.length === 0) return
  // The key is that of the row.
  const key: unknown = Utils.extractPK(row, meta)
  const entity = key == null ? undefined : em.getUnitOfWork().getById<object>(meta.class, key as never)
  if (!entity) return
  for (const side of sides) {
    const other = parentOf(entity, side)
    const owning = side.targetMeta?.properties[side.mappedBy]
    if (!other || !owning || isSame(other, Reflect.get(row, side.name))) continue
    if (!isAssigned(em, other, owning)) Reflect.set(helper(entity).__data, side.name, null)
  }
}

function isSame(other: object, value: unknown): boolean {
  const { __meta: meta } = helper(other)
  const key: unknown = Utils.isPlainObject(value) ? Utils.extractPK(value, meta) : value
  return key != null && Utils.equals([helper(other).getPrimaryKey()].flat(), [key].flat())
}

function otherSidesOf(meta: EntityMetadata): readonly EntityProperty[] {
  const found =
    otherSides.get(meta) ?? meta.relations.filter((prop) => prop.mappedBy && !prop.owner && isSoftToOne(prop))
  otherSides.set(meta, found)
  return found
}
