/** @module Which rows go to the trash with those of a model: what the cascade of the ORM, or of the foreign key, would delete. */
import { type EntityMetadata, type EntityProperty, ReferenceKind } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { keyColumns } from './key-rows.ts'
import { cascadesRemove } from './removed-with.ts'
import { isSoftModel } from './soft-models.ts'

/** A soft-deleted model, and the foreign key that connects it with those whose rows it follows. */
export interface Follower {
  /** The model with the stamp of the rows that follow. */
  readonly meta: EntityMetadata<object>
  readonly property: EntityProperty
  /** The model whose table has the foreign key: with a table for each type, it need not be the one with the stamp. */
  readonly holder: EntityMetadata<object>
  /** Whether the rows that are followed have the foreign key: what they refer to is removed with them. */
  readonly isHeldByLeader: boolean
}

const known = new WeakMap<EntityMetadata, readonly Follower[]>()
const knownLeaders = new WeakMap<EntityMetadata, readonly Follower[]>()

/** The foreign keys along which the trash spreads from the table of a model. */
export function followersOf(em: SqlEntityManager, meta: EntityMetadata): readonly Follower[] {
  const { root } = meta
  const before = known.get(root)
  if (before) return before
  const followers = [...em.getMetadata()].flatMap((holder) =>
    ownsTable(holder) && isSoftModel(holder) ? [...follow(holder, root), ...removedBy(holder, root)] : [],
  )
  known.set(root, followers)
  return followers
}

/** The foreign keys along which the rows of a model follow others into the trash. */
export function leadersOf(em: SqlEntityManager, { root }: EntityMetadata): readonly Follower[] {
  const before = knownLeaders.get(root)
  if (before) return before
  const roots = [...em.getMetadata()].filter((meta) => meta.root === meta && isSoftModel(meta))
  const leaders = roots.flatMap((leader) => followersOf(em, leader).filter(({ meta }) => meta === root))
  knownLeaders.set(root, leaders)
  return leaders
}

/** The foreign keys for whose sake a row of a model cannot be deleted, or a live one would be deleted with it. */
export function referrersOf(em: SqlEntityManager, { root }: EntityMetadata): Follower[] {
  return [...em.getMetadata()].filter(ownsTable).flatMap((child) =>
    foreignKeysOf(child)
      .filter(({ targetMeta }) => targetMeta?.root === root)
      .filter(({ deleteRule }) => deleteRule !== 'set null' && deleteRule !== 'set default')
      .filter(({ deleteRule }) => deleteRule !== 'cascade' || isSoftModel(child))
      .map((property) => heldByFollower(child, property)),
  )
}

/** The columns of the table of a model by which its followers are found. */
export function referredColumns(em: SqlEntityManager, meta: EntityMetadata): Set<string> {
  return new Set(followersOf(em, meta).flatMap(leaderColumns))
}

/** The columns of a row that is followed which tell what follows it. */
export function leaderColumns({ property, holder, isHeldByLeader }: Follower): readonly string[] {
  if (!isHeldByLeader) return property.referencedColumnNames
  return holder.root === holder ? property.joinColumns : keyColumns(holder)
}

/** The columns of a row that follows which tell what it follows. */
export function followerColumns({ property, holder, isHeldByLeader }: Follower): readonly string[] {
  if (isHeldByLeader) return property.referencedColumnNames
  return holder.root === holder ? property.joinColumns : keyColumns(holder)
}

/** Of several models in one table the root has the properties of all; with a table for each type, each has its own. */
function ownsTable(meta: EntityMetadata): boolean {
  const isFirst = meta.root === meta || meta.tptParent !== undefined
  return !meta.abstract && !meta.embeddable && !meta.pivotTable && isFirst
}

/** Those in the table of a model. */
function foreignKeysOf(meta: EntityMetadata): EntityProperty[] {
  const own = meta.tptParent && meta.ownProps
  return meta.relations.filter(
    (property) => isForeignKey(property) && (!own || own.some(({ name }) => name === property.name)),
  )
}

function heldByFollower(child: EntityMetadata, property: EntityProperty): Follower {
  return { meta: child.root, property, holder: child, isHeldByLeader: false }
}

function follow(child: EntityMetadata, root: EntityMetadata): Follower[] {
  return foreignKeysOf(child)
    .filter(({ targetMeta }) => targetMeta?.root === root)
    .filter((property) => property.deleteRule === 'cascade' || isRemovedWith(property, child))
    .map((property) => heldByFollower(child, property))
}

/** What rows of a model refer to, and take along. */
function removedBy(holder: EntityMetadata, root: EntityMetadata): Follower[] {
  if (holder.root !== root) return []
  // The ORM does not remove what an embedded value refers to.
  const removing = foreignKeysOf(holder).filter((property) => cascadesRemove(property) && !property.embedded)
  return removing.flatMap((property) => {
    const meta = property.targetMeta?.root
    return meta && isSoftModel(meta) ? [{ meta, property, holder, isHeldByLeader: true }] : []
  })
}

export function isForeignKey({ kind, owner }: EntityProperty): boolean {
  return kind === ReferenceKind.MANY_TO_ONE || (kind === ReferenceKind.ONE_TO_ONE && owner)
}

/** Whether the other side of a foreign key removes its rows. */
function isRemovedWith({ name, targetMeta }: EntityProperty, child: EntityMetadata): boolean {
  const inverses = [...(targetMeta?.root.relations ?? []), ...(targetMeta?.relations ?? [])]
  return inverses.some(
    (inverse) =>
      inverse.mappedBy === name && inverse.targetMeta?.root === child.root && cascadesRemove(inverse),
  )
}
