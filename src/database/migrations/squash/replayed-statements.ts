/** @module What migrations do on an empty database, statement by statement, and which of it is about rows. */
import type { Connection } from '../../connections/connection.ts'
import type { Dialect } from '../../connections/driver.ts'
import { statementsOf } from '../../connections/sql-statements.ts'
import type { MigrationFiles } from '../files/migration-files.ts'
import { Migrator } from '../run/migrator.ts'
import { TEMPORARY } from '../schema/sql.ts'

export interface ReplayedStatement {
  readonly migration: string
  readonly sql: string
  readonly parameters: readonly unknown[]
}

const CHANGES_SCHEMA = /^(?:create|alter|drop|comment|rename|grant|revoke)\b/i
const CHANGES_NOTHING = /^(?:select|pragma|set|show|explain|analyze|analyse|vacuum|reindex)\b/i
/** SQLite changes a table by copying it. */
const COPIES_TABLE = new RegExp(`^insert into [\`"]?[^\\s]*${TEMPORARY}[\`"]?\\s`, 'i')

/** Carries out migrations in their order, and gives every statement of them. */
export async function replayedStatements(
  scratch: Connection,
  files: MigrationFiles,
  names: readonly string[],
): Promise<ReplayedStatement[]> {
  const replayed: ReplayedStatement[] = []
  const migrator = new Migrator(scratch, files)
  for (const migration of names) {
    await migrator.run(migration, 'up', (sql, parameters) => replayed.push({ migration, sql, parameters }))
  }
  return replayed
}

/** Whether it changes rows, and not only where rows are. */
export function changesRows({ sql }: ReplayedStatement, dialect: Dialect): boolean {
  if (COPIES_TABLE.test(sql.trim())) return false
  return statementsOf(sql, dialect).some((one) => !CHANGES_SCHEMA.test(one) && !CHANGES_NOTHING.test(one))
}

/** Whether it changes the schema, or has to be run for that. */
export function changesSchema({ sql }: ReplayedStatement, dialect: Dialect): boolean {
  if (COPIES_TABLE.test(sql.trim())) return true
  return statementsOf(sql, dialect).some((one) => CHANGES_SCHEMA.test(one))
}
