/** @module Statements that cannot be in a transaction, and how it shows. */
import type { Dialect } from '../../connections/driver.ts'

/** SQLite ignores some of them in a transaction instead of refusing them. */
const OUTSIDE_IN_SQLITE = /^\s*(?:pragma|vacuum|attach|detach)\b/i

/** Whether it is known before it runs; of PostgreSQL, what it says is believed. */
export function refusesTransactions(sql: string, dialect: Dialect): boolean {
  return dialect === 'sqlite' && OUTSIDE_IN_SQLITE.test(sql)
}

/** Whether PostgreSQL refused a statement because of the transaction around it. */
export function ranInTransaction(error: unknown): boolean {
  return codesOf(error).includes('25001')
}

/**
 * Tables, columns, indexes and foreign keys that are there already, or are gone already. Such a statement is carried
 * out wholly or not at all; of `create index concurrently` a half may be left, so in PostgreSQL nothing counts as done.
 */
const DONE_ALREADY = [1050, 1051, 1060, 1061, 1091, 1826]

/** Whether a statement of MySQL or MariaDB failed since it had been carried out before. */
export function isDoneAlready(error: unknown, dialect: Dialect): boolean {
  return dialect === 'mysql' && codesOf(error).some((code) => DONE_ALREADY.includes(Number(code)))
}

/** An error of the driver is behind one of ours. */
function codesOf(error: unknown): unknown[] {
  const codes: unknown[] = []
  for (let each = error; each instanceof Error && codes.length < 20; each = each.cause)
    codes.push(Reflect.get(each, 'code'), Reflect.get(each, 'errno'))
  return codes
}
