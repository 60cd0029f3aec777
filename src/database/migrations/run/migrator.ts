/** @module Brings a database to the state its migrations describe, forwards and back. */
import type { Connection, RunSql } from '../../connections/connection.ts'
import type { MigrationFiles } from '../files/migration-files.ts'
import { type ApplyRequest, applyMigration, type Book } from './apply-migration.ts'
import { checkRange, chosenBack, chosenForward } from './choose-migrations.ts'
import { dropEverything } from './drop-everything.ts'
import { Ledger } from './ledger.ts'
import { type MigrationStatus, warningsBeyond, warningsOf } from './migration-status.ts'
import {
  type Choose,
  type LoadedMigration,
  loadMigrations,
  type MigratorSettings,
  type Plan,
  type PreparedRun,
  planOf,
  prepared,
} from './prepared-run.ts'
import type { Direction } from './progress.ts'
import type { RunOptions } from './run-options.ts'

export class Migrator {
  readonly #connection: Connection
  readonly #files: MigrationFiles
  readonly #settings: MigratorSettings

  constructor(connection: Connection, files: MigrationFiles, settings: MigratorSettings = {}) {
    this.#connection = connection
    this.#files = files
    this.#settings = settings
  }

  /** Every migration and its state. Nothing is written. */
  status(): Promise<MigrationStatus[]> {
    return this.#connection.exclusive(async (run) => [
      ...(await planOf(this.#connection, this.#files, run, () => [])).statuses,
    ])
  }

  /**
   * Applies what is pending, oldest first, each in a transaction of its own.
   *
   * @returns the names of what was applied, without those that another process applied meanwhile
   * @throws {MigrationFileError} before anything is applied
   * @throws {MigrationFailedError} when one fails: those before it stay applied
   * @throws {MigrationInterruptedError} when one was interrupted before, unless the run is to resume
   * @throws {MigrationLockedError} @throws {BackupFailedError} @throws {MigrationNameError}
   */
  async migrate(options: RunOptions = {}): Promise<string[]> {
    checkRange(options)
    const facts = this.#facts('up', options, (entries) =>
      chosenForward(entries, this.#files.names(), options, this.#files.naming),
    )
    return this.#connection.exclusive((run) =>
      prepared(facts, run, async (plan, migrations) => {
        for (const warning of [
          ...warningsOf(plan.statuses, plan.names, plan.checksums),
          ...warningsBeyond(this.#files, plan.statuses),
        ])
          options.onWarning?.(warning)
        return this.#apply(run, plan, migrations, options)
      }),
    )
  }

  /**
   * Takes back the migrations of the last run, or the last `step` ones, or all behind `to`, newest first.
   *
   * @returns the names of what was taken back
   * @throws {MigrationMissingError} when a file is gone: then nothing is taken back
   * @throws {MigrationInterruptedError} @throws {MigrationLockedError} @throws {BackupFailedError} @throws {MigrationNameError}
   */
  async rollback(options: RunOptions = {}): Promise<string[]> {
    checkRange(options)
    const facts = this.#facts('down', options, (entries) => chosenBack(entries, options, this.#files.naming))
    return this.#connection.exclusive((run) =>
      prepared(facts, run, async (_plan, migrations) => {
        const ledger = new Ledger(run)
        const book = {
          isDue: (name: string) => ledger.has(name),
          record: (name: string) => ledger.remove(name),
        }
        return this.#each(run, migrations, 'down', options, book)
      }),
    )
  }

  /**
   * Drops everything in the database and applies all migrations. All files are loaded before.
   *
   * @returns the names of what was applied
   * @throws {MigrationFileError} before anything is dropped
   * @throws {MigrationFailedError} @throws {MigrationLockedError} @throws {BackupFailedError}
   */
  async fresh(options: RunOptions = {}): Promise<string[]> {
    const facts = this.#facts('fresh', options, () => this.#files.names())
    return this.#connection.exclusive((run) =>
      prepared(facts, run, async (plan, migrations) => {
        options.onDropped?.(await dropEverything(this.#connection, run))
        return this.#apply(run, { ...plan, entries: [] }, migrations, options)
      }),
    )
  }

  /** Applies every migration without a ledger: for a scratch database. */
  replay(): Promise<void> {
    return this.#without(this.#files.names(), 'up')
  }

  /** Carries out one migration without a ledger: for a scratch database. */
  run(name: string, direction: Direction, onStatement?: ApplyRequest['onStatement']): Promise<void> {
    return this.#without([name], direction, onStatement)
  }

  #without(
    names: readonly string[],
    direction: Direction,
    onStatement?: ApplyRequest['onStatement'],
  ): Promise<void> {
    return this.#connection.exclusive(async (run) => {
      const facts = { connection: this.#connection, run, direction, book: undefined, onStatement }
      for (const [name, type] of await loadMigrations(this.#files, names))
        await applyMigration({ ...facts, name, type })
    })
  }

  #facts(direction: PreparedRun['direction'], options: RunOptions, choose: Choose): PreparedRun {
    const [connection, files, settings] = [this.#connection, this.#files, this.#settings]
    return { connection, files, settings, direction, options, choose }
  }

  async #apply(
    run: RunSql,
    { entries, checksums }: Pick<Plan, 'entries' | 'checksums'>,
    migrations: readonly LoadedMigration[],
    options: RunOptions,
  ): Promise<string[]> {
    if (migrations.length === 0) return []
    const { driver, schemaName } = this.#connection
    const batch = Math.max(0, ...entries.map((entry) => entry.batch)) + 1
    const ledger = new Ledger(run)
    await ledger.create(driver.dialect, schemaName)
    return this.#each(run, migrations, 'up', options, {
      isDue: async (name) => !(await ledger.has(name)),
      record: (name) => ledger.add(name, batch, checksums.get(name)),
    })
  }

  /** Gives the names of those that were run: another process may have been faster with some. */
  async #each(
    run: RunSql,
    migrations: readonly LoadedMigration[],
    direction: Direction,
    options: RunOptions,
    book: Book,
  ): Promise<string[]> {
    const done: string[] = []
    const { resume, beforeStatement, onBatch } = options
    const facts = { connection: this.#connection, run, direction, book, resume, beforeStatement, onBatch }
    for (const [name, type] of migrations) {
      const start = performance.now()
      options.onStart?.(name)
      if (!(await applyMigration({ ...facts, name, type }))) continue
      done.push(name)
      options.onDone?.(name, performance.now() - start)
    }
    return done
  }
}
