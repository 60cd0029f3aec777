/** @module Which rows go to the trash with those of a model: what the cascade of the ORM, or of the foreign key, would delete. */
import { type EntityMetadata, type EntityProperty, ReferenceKind } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { cascadesRemove } from './removed-with.ts'
import { isSoftModel } from './soft-models.ts'

/** A soft-deleted model, and its foreign key to those whose rows it follows. */
export interface Follower {
  readonly meta: EntityMetadata<object>
  readonly property: EntityProperty
}

const known = new WeakMap<EntityMetadata, readonly Follower[]>()

/** The foreign keys along which the trash spreads from the table of a model. */
export function followersOf(em: SqlEntityManager, meta: EntityMetadata): readonly Follower[] {
  const { root } = meta
  const before = known.get(root)
  if (before) return before
  const followers = [...em.getMetadata()].flatMap((child) =>
    ownsTable(child) && isSoftModel(child) ? follow(child, root) : [],
  )
  known.set(root, followers)
  return followers
}

/** The foreign keys along which the rows of a model follow others into the trash. */
export function leadersOf(em: SqlEntityManager, { root }: EntityMetadata): readonly Follower[] {
  const leaders = new Set(
    root.relations.flatMap(({ targetMeta }) =>
      targetMeta && isSoftModel(targetMeta) ? [targetMeta.root] : [],
    ),
  )
  return [...leaders].flatMap((leader) => followersOf(em, leader).filter(({ meta }) => meta === root))
}

/** The foreign keys for whose sake a row of a model cannot be deleted, or a live one would be deleted with it. */
export function referrersOf(em: SqlEntityManager, { root }: EntityMetadata): Follower[] {
  return [...em.getMetadata()].filter(ownsTable).flatMap((child) =>
    child.relations
      .filter((property) => isForeignKey(property) && property.targetMeta?.root === root)
      .filter(({ deleteRule }) => deleteRule !== 'set null' && deleteRule !== 'set default')
      .filter(({ deleteRule }) => deleteRule !== 'cascade' || isSoftModel(child))
      .map((property) => ({ meta: child, property })),
  )
}

/** The columns by which followers refer to the table of a model. */
export function referredColumns(em: SqlEntityManager, meta: EntityMetadata): Set<string> {
  return new Set(followersOf(em, meta).flatMap(({ property }) => property.referencedColumnNames))
}

/** Of several models in one table the root has the properties of all. */
function ownsTable(meta: EntityMetadata): boolean {
  return !meta.abstract && !meta.embeddable && !meta.pivotTable && meta.root === meta
}

function follow(child: EntityMetadata, root: EntityMetadata): Follower[] {
  return child.relations
    .filter((property) => isForeignKey(property) && property.targetMeta?.root === root)
    .filter((property) => property.deleteRule === 'cascade' || isRemovedWith(property, child, root))
    .map((property) => ({ meta: child, property }))
}

export function isForeignKey({ kind, owner }: EntityProperty): boolean {
  return kind === ReferenceKind.MANY_TO_ONE || (kind === ReferenceKind.ONE_TO_ONE && owner)
}

/** Whether the other side of a foreign key removes its rows. */
function isRemovedWith(property: EntityProperty, child: EntityMetadata, root: EntityMetadata): boolean {
  return root.relations.some(
    (inverse) =>
      inverse.mappedBy === property.name && inverse.targetMeta?.root === child && cascadesRemove(inverse),
  )
}
