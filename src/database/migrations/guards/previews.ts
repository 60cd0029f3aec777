/** @module Records migrations and judges them: for a preview, and before they run. */
import type { Connection, RunSql } from '../../connections/connection.ts'
import type { MigrationFiles } from '../files/migration-files.ts'
import type { Direction } from '../run/progress.ts'
import { assessMigrations, type MigrationHazards } from './assess.ts'
import { factsOf } from './facts.ts'
import { type Recording, recordStatements } from './record-statements.ts'

/** What a migration would execute, and what that may cost. */
export interface Preview extends Pick<Recording, 'name' | 'statements'>, MigrationHazards {}

export interface PreviewOptions {
  readonly direction?: Direction
  /** From the first migration on, each by itself, without looking at the database. */
  readonly isReplay?: boolean
  /** What asks the database, for callers that hold its connection already. */
  readonly run?: RunSql
}

/**
 * Records migrations, and judges them against what the database holds now. Nothing is written.
 *
 * @param names in the order in which they run
 * @throws {MigrationFileError} @throws {DatabaseUnavailableError}
 */
export async function previewsOf(
  connection: Connection,
  files: MigrationFiles,
  names: readonly string[],
  options: PreviewOptions = {},
): Promise<Preview[]> {
  const { direction = 'up', isReplay = false } = options
  const run: RunSql = options.run ?? ((sql, parameters) => connection.execute(sql, parameters))
  const { dialect } = connection.driver
  const recordings: Recording[] = []
  for (const name of names) {
    recordings.push(await recordStatements(connection, name, await files.load(name), direction))
  }
  const facts = isReplay ? undefined : factsOf(run, dialect, connection.schemaName)
  const assessed = await assessMigrations(recordings.map(textsOf), { dialect, facts, isOneRun: !isReplay })
  return assessed.map(({ name, hazards }, at) => ({
    name,
    hazards,
    statements: recordings[at]?.statements ?? [],
  }))
}

function textsOf({ statements, ...recording }: Recording) {
  return { ...recording, statements: statements.map(({ text }) => text) }
}
