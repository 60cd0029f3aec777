/** @module Sorts the rows of an upsert by what each of them may meet: a statement has one kind of conflict only. */
import type { EntityMetadata } from '@mikro-orm/core'
import { isRaw, Utils } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { isLiveKey, uniqueKeys } from './live-unique.ts'

/** The row that a row of an upsert is looked for by. */
export interface Conflict {
  readonly properties: readonly string[]
  /** Whether rows in the trash are out of its reach: they do not have to be looked for. */
  readonly isLive: boolean
}

export interface UpsertGroup {
  /** Undefined when nothing in the rows is unique, or the caller has written the conflict in SQL. */
  readonly conflict: Conflict | undefined
  /** Where the rows stand among those that were given. */
  readonly places: number[]
}

/** @param fields what the caller gives as `onConflictFields` */
export function groupRows(
  em: SqlEntityManager,
  meta: EntityMetadata,
  rows: readonly object[],
  fields: unknown,
): UpsertGroup[] {
  const groups = new Map<string, UpsertGroup>()
  for (const [place, row] of rows.entries()) {
    const conflict = conflictOf(meta, row, fields)
    const written = Utils.isEntity(row) ? em.getComparator().prepareEntity(row) : row
    // Rows with other columns would be written with those of the first.
    const form = [Utils.isEntity(row) && row.constructor.name, conflict?.properties, columnsOf(written)]
    const key = JSON.stringify(form)
    const group = groups.get(key) ?? { conflict, places: [] }
    group.places.push(place)
    groups.set(key, group)
  }
  return [...groups.values()]
}

/** The value of a property, or of one inside of an embedded object. */
export function valueAt(row: object, property: string): unknown {
  let value: unknown = row
  for (const name of property.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Reflect.get(value, name)
  }
  return value
}

function conflictOf(meta: EntityMetadata, row: object, fields: unknown): Conflict | undefined {
  if (fields !== undefined) {
    if (isRaw(fields) || !Array.isArray(fields)) return undefined
    const properties = fields.map(String)
    return { properties, isLive: isLiveKey(meta, properties) }
  }
  const isGiven = (names: readonly string[]) => names.every((name) => valueAt(row, name) != null)
  if (isGiven(meta.primaryKeys)) return { properties: meta.primaryKeys, isLive: false }
  return uniqueKeys(meta).find(({ properties }) => isGiven(properties))
}

function columnsOf(row: object): string[] {
  return Object.keys(row)
    .filter((name) => Reflect.get(row, name) !== undefined)
    .sort()
}
