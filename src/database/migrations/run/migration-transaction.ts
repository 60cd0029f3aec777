/** @module The transaction of one migration, in which no row is lost. */

import { attachCause, attemptAll } from '../../../errors/attempt-all.ts'
import type { RunSql } from '../../connections/connection.ts'
import type { Driver } from '../../connections/driver.ts'
import { ForeignKeyCheckError } from '../errors.ts'

/** Runs work in a transaction on a connection that nobody else uses meanwhile. */
export async function inMigrationTransaction<T>(
  driver: Driver,
  run: RunSql,
  work: () => Promise<T>,
): Promise<T> {
  const isSqlite = driver.dialect === 'sqlite'
  return withoutForeignKeys(driver, run, async () => {
    await run(isSqlite ? 'begin immediate' : 'begin')
    try {
      const result = await work()
      if (isSqlite) await checkForeignKeys(run)
      await run('commit')
      return result
    } catch (error) {
      // It fails when the work has ended the transaction by itself; why the work failed matters more.
      const [second] = await attemptAll([() => run('rollback')])
      if (second !== undefined) attachCause(error, second)
      throw error
    }
  })
}

/**
 * SQLite rebuilds a table by dropping the old one. With foreign keys on, the drop deletes the rows that refer to it; and
 * they cannot be switched off inside a transaction. So they go off before it, and are checked before its commit.
 */
export async function withoutForeignKeys<T>(driver: Driver, run: RunSql, work: () => Promise<T>): Promise<T> {
  if (driver.dialect !== 'sqlite') return work()
  await run('pragma foreign_keys = off')
  try {
    return await work()
  } finally {
    await run('pragma foreign_keys = on')
  }
}

/** @throws {ForeignKeyCheckError} */
export async function checkForeignKeys(run: RunSql): Promise<void> {
  const rows = await run('pragma foreign_key_check')
  if (rows.length === 0) return
  const groups = Map.groupBy(rows, (row) => `${row.table}\n${row.parent}`)
  const violations = [...groups].map(([key, group]) => {
    const [table = '', parent = ''] = key.split('\n')
    return { table, parent, count: group.length }
  })
  throw new ForeignKeyCheckError(violations)
}
