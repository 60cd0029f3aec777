/** @module Runs a migration without a database, to see what it would execute. */
import type { Connection, RunSql } from '../../connections/connection.ts'
import type { MigrationClass } from '../migration.ts'
import { performMigration } from '../run/perform-migration.ts'
import type { Direction } from '../run/progress.ts'
import { stepsOfOne } from '../run/steps.ts'
import { isRead } from './reading/read-statement.ts'

export interface RecordedStatement {
  readonly sql: string
  readonly parameters: readonly unknown[]
  /** With its parameters as the database is sent them. */
  readonly text: string
}

export interface Recording {
  readonly name: string
  readonly statements: readonly RecordedStatement[]
  /** Those that ask for rows: here they get none, and what depends on them is not recorded. */
  readonly reads: readonly string[]
  /** Why it did not come to its end. */
  readonly stopped: unknown
}

/** Gives the statements of a migration. No query is made, and what reads rows gets none. */
export async function recordStatements(
  connection: Connection,
  name: string,
  Migration: MigrationClass,
  direction: Direction,
): Promise<Recording> {
  const { dialect } = connection.driver
  const platform = connection.orm.em.getPlatform()
  const statements: RecordedStatement[] = []
  const run: RunSql = async (sql, parameters = []) => {
    statements.push({ sql, parameters, text: platform.formatQuery(sql, parameters) })
    return []
  }
  const stopped = await faultOf(() =>
    performMigration(Migration, direction, { run, dialect, steps: stepsOfOne(run) }),
  )
  const reads = statements.map(({ text }) => text).filter((text) => isRead(text, dialect))
  return { name, statements, reads, stopped }
}

/** Without rows, a migration may fail that does not fail with them. */
async function faultOf(work: () => Promise<void>): Promise<unknown> {
  try {
    await work()
    return undefined
  } catch (error) {
    return error
  }
}
