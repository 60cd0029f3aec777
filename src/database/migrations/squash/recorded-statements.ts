/** @module What migrations do on an empty database, statement by statement, and which of it is about rows. */
import type { Connection, RunSql } from '../../connections/connection.ts'
import type { Dialect } from '../../connections/driver.ts'
import { statementsOf } from '../../connections/sql-statements.ts'
import type { MigrationFiles } from '../files/migration-files.ts'
import type { MigrationClass } from '../migration.ts'
import { inMigrationTransaction } from '../run/migration-transaction.ts'
import { performMigration } from '../run/perform-migration.ts'
import { stepsOfOne } from '../run/steps.ts'
import { TEMPORARY } from '../schema/sql.ts'

export interface RecordedStatement {
  readonly migration: string
  readonly sql: string
  readonly parameters: readonly unknown[]
}

const CHANGES_SCHEMA = /^(?:create|alter|drop|comment|rename|grant|revoke)\b/i
const CHANGES_NOTHING = /^(?:select|pragma|set|show|explain|analyze|analyse|vacuum|reindex)\b/i
/** SQLite changes a table by copying it. */
const COPIES_TABLE = new RegExp(`^insert into [\`"]?[^\\s]*${TEMPORARY}[\`"]?\\s`, 'i')

/** Runs them in order, each in its transaction, and gives every statement. */
export async function recordStatements(
  scratch: Connection,
  files: MigrationFiles,
  names: readonly string[],
): Promise<RecordedStatement[]> {
  const recorded: RecordedStatement[] = []
  for (const migration of names) {
    const note = (sql: string, parameters: readonly unknown[]) =>
      recorded.push({ migration, sql, parameters })
    await runMigration(scratch, await files.load(migration), note)
  }
  return recorded
}

/** Runs its `up` without a ledger. */
export async function runMigration(
  scratch: Connection,
  Migration: MigrationClass,
  note: (sql: string, parameters: readonly unknown[]) => void = () => undefined,
): Promise<void> {
  const { driver } = scratch
  await scratch.exclusive(async (run) => {
    const noting: RunSql = (sql, parameters = []) => {
      note(sql, parameters)
      return run(sql, parameters)
    }
    const { dialect } = driver
    const facts = { run: noting, dialect, steps: stepsOfOne(noting) }
    await inMigrationTransaction(driver, run, () => performMigration(Migration, 'up', facts))
  })
}

/** Whether it changes rows, and not only where rows are. */
export function changesRows({ sql }: RecordedStatement, dialect: Dialect): boolean {
  if (COPIES_TABLE.test(sql.trim())) return false
  return statementsOf(sql, dialect).some((one) => !CHANGES_SCHEMA.test(one) && !CHANGES_NOTHING.test(one))
}

/** Whether it changes the schema, or has to be run for that. */
export function changesSchema({ sql }: RecordedStatement, dialect: Dialect): boolean {
  if (COPIES_TABLE.test(sql.trim())) return true
  return statementsOf(sql, dialect).some((one) => CHANGES_SCHEMA.test(one))
}
