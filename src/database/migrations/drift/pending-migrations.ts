/** @module The migrations that a database has not applied, read in passing: nothing is locked, nothing waits for it. */
import type { SqlEntityManager } from '@mikro-orm/sql'
import type { Connection, RunSql } from '../../connections/connection.ts'
import { translateErrors } from '../../connections/translate-errors.ts'
import type { MigrationFiles } from '../files/migration-files.ts'
import { withCovered } from '../run/covered-migrations.ts'
import { LEDGER_TABLE, Ledger } from '../run/ledger.ts'

/** @throws {DatabaseUnavailableError} */
export async function pendingMigrations(connection: Connection, files: MigrationFiles): Promise<string[]> {
  const names = files.names()
  if (names.length === 0) return []
  const run = reading(connection)
  if (!(await connection.hasTable(run, LEDGER_TABLE))) return names
  const entries = withCovered(await new Ledger(run).entries(), files)
  const applied = new Set(entries.map(({ name }) => name))
  return names.filter((name) => !applied.has(name))
}

/** Where one writes at a time, on the connection that reads; elsewhere not on a replica, which may lag behind. */
function reading(connection: Connection): RunSql {
  const manager = connection.orm.em as SqlEntityManager
  const database = manager.getConnection(connection.driver.hasOneWriter ? 'read' : 'write')
  return (sql, parameters = []) => translateErrors(manager, database.execute(sql, [...parameters], 'all'))
}
