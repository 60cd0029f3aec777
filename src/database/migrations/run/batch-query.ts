/** @module The query of one batch: the next rows in the order of a key. */
import type { Row } from '../../connections/connection.ts'
import type { Dialect } from '../../connections/driver.ts'
import type { BatchOptions } from '../migration.ts'
import { quoteName } from '../sql/quote-name.ts'
import { BatchError } from './errors.ts'

const DEFAULT_SIZE = 1_000

/** @throws {BatchError} */
export function batchQuery(
  loop: string,
  { table, key, where, parameters = [], size = DEFAULT_SIZE }: BatchOptions,
  last: string | number | undefined,
  dialect: Dialect,
): { sql: string; parameters: unknown[]; size: number } {
  if (!Number.isSafeInteger(size) || size < 1)
    throw new BatchError(loop, `${size} is no number of rows.`, 'Give a whole number above zero.')
  const column = quoteName(key, dialect)
  const conditions = [...(where ? [`(${where})`] : []), ...(last === undefined ? [] : [`${column} > ?`])]
  const condition = conditions.length > 0 ? ` where ${conditions.join(' and ')}` : ''
  return {
    sql: `select * from ${quoteName(table, dialect)}${condition} order by ${column} limit ${size}`,
    parameters: [...parameters, ...(last === undefined ? [] : [last])],
    size,
  }
}

/**
 * The key of a row, in a form that can be written down and asked for again.
 *
 * @throws {BatchError} when it has none, or one that would not be the same afterwards
 */
export function keyOf(loop: string, key: string, row: Row): string | number {
  const value = row[key]
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'string' || typeof value === 'number') return value
  const hint = 'Take a column of numbers or texts, unique and without nulls, such as the primary key.'
  throw new BatchError(
    loop,
    `"${key}" of a row is ${value == null ? 'empty' : 'no number and no text'}.`,
    hint,
  )
}
