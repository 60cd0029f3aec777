/** @module What a run of migrations is told, and whom it tells how far it is. */
import type { RunSql } from '../../connections/connection.ts'
import type { Range } from './choose-migrations.ts'

/** Called while a run goes on. */
export interface RunReport {
  /** Another process has the lock. */
  readonly onWait?: ((holder: string | undefined) => void) | undefined
  /** The database was copied to this file. */
  readonly onBackup?: ((file: string) => void) | undefined
  /** The tables that are gone. */
  readonly onDropped?: ((tables: readonly string[]) => void) | undefined
  readonly onWarning?: ((warning: string) => void) | undefined
  readonly onStart?: ((name: string) => void) | undefined
  /** After each batch, with the rows of its loop so far. */
  readonly onBatch?: ((name: string, loop: string, rows: number) => void) | undefined
  /** After each migration. */
  readonly onDone?: ((name: string, milliseconds: number) => void) | undefined
}

export interface RunOptions extends Range, RunReport {
  /** Looks at what is about to run, when nobody else can change it any more; what it throws ends the run. */
  readonly judge?: ((names: readonly string[], run: RunSql) => Promise<void>) | undefined
  /** Looks at a statement before it is carried out; what it throws fails the migration. */
  readonly beforeStatement?:
    | ((name: string, sql: string, parameters: readonly unknown[], run: RunSql) => Promise<void>)
    | undefined
  /** Only says what would be done. */
  readonly dryRun?: boolean | undefined
  /** Goes on behind the statements of a migration that was interrupted. */
  readonly resume?: boolean | undefined
  /** False: without the lock, when somebody else makes sure that nobody else migrates. */
  readonly lock?: boolean | undefined
  /** How long to wait for the lock, in milliseconds. */
  readonly wait?: number | undefined
  /** False: without a copy of an SQLite database. */
  readonly backup?: boolean | undefined
}
