/** @module What separates the models from what the migrations produce, found on a scratch database. */
import type { Connection } from '../connection.ts'
import type { MigrationFiles } from './migration-files.ts'
import { Migrator } from './migrator.ts'

export interface SchemaDiff {
  readonly up: readonly string[]
  readonly down: readonly string[]
}

/**
 * Applies the migrations to an empty scratch database and compares it with the models.
 *
 * @param scratch a connection with the models of the application, to a database that is empty
 */
export async function diffSchema(scratch: Connection, files: MigrationFiles): Promise<SchemaDiff> {
  await new Migrator(scratch, files).replay()
  const { up, down } = await scratch.schema.getUpdateSchemaMigrationSQL({ wrap: false })
  return { up: statements(up), down: statements(down) }
}

/** The ORM writes statements line by line; foreign keys are the business of the runner. */
function statements(sql: string): string[] {
  return sql
    .split(/;\s*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter(
      (statement) =>
        statement !== '' &&
        !/^(pragma foreign_keys|set (names|foreign_key_checks|session_replication_role))\b/i.test(statement),
    )
}
