/** @module Rows by their keys, as the database spells them: read from one table, and looked for in another. */
import type { DriverMethodOptions, EntityMetadata } from '@mikro-orm/core'
import { raw } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { translateErrors } from '../connections/translate-errors.ts'

/** The values of columns. */
export type KeyRow = Readonly<Record<string, unknown>>

/** Up to this many keys are named in one statement. */
export const MOST_KEYS = 5_000

/** A query of columns, in the transaction of the options. */
export function queryColumns(
  em: SqlEntityManager,
  meta: EntityMetadata,
  columns: Iterable<string>,
  where: object,
  { ctx, loggerContext, schema = meta.schema }: DriverMethodOptions,
) {
  const query = em.getDriver().createQueryBuilder(meta.class, ctx, 'write', true, loggerContext)
  if (schema) query.withSchema(schema)
  // Queries of the driver go around the ORM's conversion of errors.
  const execute = query.execute.bind(query)
  query.execute = (...args) => translateErrors(em, execute(...args))
  return query.select([...columns]).where(where)
}

export function readColumns(...args: Parameters<typeof queryColumns>): Promise<KeyRow[]> {
  return queryColumns(...args).execute<KeyRow[]>('all', false)
}

/** The condition that columns have one of these values. */
export function isAmong(
  em: SqlEntityManager,
  columns: readonly string[],
  keys: readonly unknown[][],
): object {
  const { sql, params } = listOf(keys)
  return { [raw(`${columnTuple(em, columns)} in (${sql})`, params)]: [] }
}

/** What SQL takes for a list of values. */
export function listOf(keys: readonly unknown[][]): { sql: string; params: unknown[] } {
  const given = keys.filter((key) => !key.includes(null))
  // A list that is empty is no SQL.
  if (given.length === 0) return { sql: tuple((keys[0] ?? [null]).map(() => 'null')), params: [] }
  return { sql: given.map((key) => tuple(key.map(() => '?'))).join(', '), params: given.flat() }
}

/** The condition that a row comes after another in the order of columns. */
export function isAfter(em: SqlEntityManager, columns: readonly string[], row: KeyRow): object {
  const values = columns.map((column) => row[column])
  return { [raw(`${columnTuple(em, columns)} > ${tuple(values.map(() => '?'))}`, values)]: [] }
}

export function keyColumns(meta: EntityMetadata): string[] {
  return meta.getPrimaryProps().flatMap(({ fieldNames }) => fieldNames)
}

export function keysOf(rows: readonly KeyRow[], columns: readonly string[]): unknown[][] {
  return rows.map((row) => columns.map((column) => row[column]))
}

/** The columns as one value to compare. */
export function columnTuple(em: SqlEntityManager, columns: readonly string[]): string {
  return tuple(columns.map((column) => em.getPlatform().quoteIdentifier(column)))
}

function tuple(parts: readonly string[]): string {
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : `(${parts.join(', ')})`
}

export function* chunksOf<T>(all: readonly T[], size = MOST_KEYS): Generator<readonly T[]> {
  for (let i = 0; i < all.length; i += size) yield all.slice(i, i + size)
}
