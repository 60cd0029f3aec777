/** @module Which keys of a soft-deleted model are unique among its live rows, and which cover the trash as well. */
import type { EntityMetadata } from '@mikro-orm/core'
import { Utils } from '@mikro-orm/core'
import { DELETED_AT } from './deleted-at.ts'
import { isSoftModel } from './soft-models.ts'
import { coversTrash } from './trash-cover.ts'

/** Properties whose values no two rows may have in common. */
interface UniqueKey {
  readonly properties: readonly string[]
  /** The name of its index, where the model gives it one. */
  readonly name: string | undefined
  /** Whether rows in the trash are left out. */
  readonly isLive: boolean
}

/** What an index is known by in the metadata, and in the schema that is made from it. */
interface IndexFacts {
  readonly where?: unknown
  readonly expression?: unknown
  readonly options?: object
}

/** Whether a unique index of a soft-deleted model is to hold among live rows: the model says nothing else. */
export function isForLiveRows({ where, expression, options }: IndexFacts): boolean {
  return where === undefined && !expression && !coversTrash(options)
}

/** The unique keys of a model apart from its primary one, in the order in which a row is looked up by them. */
export function uniqueKeys(meta: EntityMetadata): UniqueKey[] {
  const isSoft = isSoftModel(meta)
  const single = meta.props
    .filter(({ unique, primary }) => unique && !(primary && !meta.compositePK))
    .map(({ name, unique }) => ({ properties: [name], name: nameOf(unique), isLive: isSoft }))
  const others = meta.uniques.map((unique) => ({
    properties: Utils.asArray<string>(unique.properties),
    name: nameOf(unique.name),
    isLive: isSoft && (isForLiveRows(unique) || isLiveCondition(unique.where)),
  }))
  return [...single, ...others]
    .filter(({ properties }) => properties.length > 0)
    .map((key) => ({ ...key, isLive: key.isLive && !key.properties.includes(DELETED_AT) }))
}

/** Whether these properties, in any order, are unique among live rows. */
export function isLiveKey(meta: EntityMetadata, properties: readonly string[]): boolean {
  const wanted = properties.toSorted().join()
  return uniqueKeys(meta).some((key) => key.isLive && key.properties.toSorted().join() === wanted)
}

/** Whether an application has written our condition itself. */
function isLiveCondition(where: unknown): boolean {
  if (typeof where !== 'object' || where === null) return false
  const [only, ...others] = Object.entries(where)
  return others.length === 0 && only?.[0] === DELETED_AT && only[1] === null
}

function nameOf(name: unknown): string | undefined {
  return typeof name === 'string' ? name : undefined
}
