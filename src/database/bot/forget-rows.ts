/** @module Deletes many rows, a bounded number at a time. */
import type { OutsideSql } from './outside-sql.ts'

/** How many rows a statement deletes. */
const BATCH = 100

export interface Forgotten {
  /** Quoted. */
  readonly table: string
  /** The columns that tell one row from another, together with the condition; quoted. */
  readonly keys: readonly string[]
  readonly condition: string
  readonly parameters: readonly unknown[]
}

/** A row that no longer meets the condition when its turn comes stays. Others wait for no more than one batch. */
export async function forgetRows(
  sql: OutsideSql,
  { table, keys, condition, parameters }: Forgotten,
): Promise<void> {
  const select = `select ${keys.join(', ')} from ${table} where ${condition} limit ${BATCH}`
  // By its key, each alone: MySQL would lock what is between them as well.
  const one = `(${keys.map((key) => `${key} = ?`).join(' and ')})`
  for (;;) {
    const rows = await sql.read(select, parameters)
    if (rows.length === 0) return
    const which = rows.map(() => one).join(' or ')
    const values = rows.flatMap((row) => Object.values(row))
    await sql.write(`delete from ${table} where ${condition} and (${which})`, [...parameters, ...values])
    if (rows.length < BATCH) return
  }
}
