/** @module The query of one batch: the next rows in the order of a key. */
import type { Row } from '../../connections/connection.ts'
import type { Dialect } from '../../connections/driver.ts'
import type { BatchOptions } from '../migration.ts'
import { quoteName } from '../sql/quote-name.ts'
import { BatchError } from './errors.ts'

const DEFAULT_SIZE = 1_000
const HINT = 'Take a column of numbers or texts, unique and without nulls, such as the primary key.'

/**
 * Asks for one row more than the batch takes, which tells whether its end is one.
 *
 * @throws {BatchError}
 */
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
    sql: `select * from ${quoteName(table, dialect)}${condition} order by ${column} limit ${size + 1}`,
    parameters: [...parameters, ...(last === undefined ? [] : [last])],
    size,
  }
}

/**
 * The key that a batch ends with.
 *
 * @param next the row behind the batch
 * @param before the key that the last batch ended with
 * @throws {BatchError} when the next batch would not begin behind it
 */
export function endOf(
  loop: string,
  key: string,
  [last, next]: readonly [last: Row, next: Row | undefined],
  before: string | number | undefined,
): string | number {
  const end = keyOf(loop, key, last)
  // A row with the same key would be left out, and one that comes again would come for ever.
  if (end !== before && (!next || keyOf(loop, key, next) !== end)) return end
  throw new BatchError(loop, `"${key}" of several rows is ${end}, or cannot be told apart.`, HINT)
}

/**
 * The key of a row, in a form that can be written down and asked for again.
 *
 * @throws {BatchError} when it has none, or one that would not be the same afterwards
 */
function keyOf(loop: string, key: string, row: Row): string | number {
  const value = row[key]
  if (typeof value === 'bigint') return value.toString()
  const isExact = !Number.isInteger(value) || Number.isSafeInteger(value)
  if (typeof value === 'string' || (typeof value === 'number' && isExact)) return value
  throw new BatchError(
    loop,
    `"${key}" of a row is ${value == null ? 'empty' : isExact ? 'no number and no text' : `too large: ${value}`}.`,
    HINT,
  )
}
