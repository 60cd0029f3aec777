/** @module Brings a database to the state its migrations describe, forwards and back. */
import type { Connection, RunSql } from '../../connections/connection.ts'
import { MigrationMissingError } from '../errors.ts'
import type { MigrationFiles } from '../files/migration-files.ts'
import type { MigrationClass } from '../migration.ts'
import { applyMigration, type Book } from './apply-migration.ts'
import { type BackupSettings, backUp } from './backup.ts'
import { checkRange, chosenBack, chosenForward, findMigration } from './choose-migrations.ts'
import { dropEverything } from './drop-everything.ts'
import { refuseInterrupted } from './interrupted.ts'
import { LEDGER_TABLE, Ledger, type LedgerEntry } from './ledger.ts'
import { withLock } from './lock.ts'
import { type MigrationStatus, statusOf, warningsOf } from './migration-status.ts'
import { type Direction, type Progress, ProgressTable } from './progress.ts'
import type { RunOptions } from './run-options.ts'

export interface MigratorSettings {
  /** Where an SQLite database is copied to before a run; without it, nowhere. */
  readonly backups?: BackupSettings | undefined
  /** How long a run waits for another process, in milliseconds; default 60,000. */
  readonly lockTimeout?: number | undefined
}

const LOCK_TIMEOUT = 60_000

/** What a database says of itself, and the names that a run takes of it, in its order. */
interface Plan {
  readonly names: readonly string[]
  readonly entries: readonly LedgerEntry[]
  readonly statuses: readonly MigrationStatus[]
  readonly interrupted: ReadonlyMap<string, Progress>
}

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
    return this.#connection.exclusive(async (run) => [...(await this.#plan(run, () => [])).statuses])
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
    const choose = (entries: readonly LedgerEntry[]) => chosenForward(entries, this.#files.names(), options)
    return this.#connection.exclusive((run) =>
      this.#prepared(run, 'up', options, choose, async (plan, migrations) => {
        for (const warning of warningsOf(plan.statuses, plan.names, this.#files)) options.onWarning?.(warning)
        return this.#apply(run, plan.entries, migrations, options)
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
    const choose = (entries: readonly LedgerEntry[]) => chosenBack(entries, options)
    return this.#connection.exclusive((run) =>
      this.#prepared(run, 'down', options, choose, async (_plan, migrations) => {
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
   */
  async fresh(options: RunOptions = {}): Promise<string[]> {
    return this.#connection.exclusive((run) =>
      this.#prepared(
        run,
        'fresh',
        options,
        () => this.#files.names(),
        async (_plan, loaded) => {
          options.onDropped?.(await dropEverything(this.#connection, run))
          return this.#apply(run, [], loaded, options)
        },
      ),
    )
  }

  /** Applies every migration without a ledger, or those up to one: for a scratch database. */
  replay({ upTo }: { readonly upTo?: string | undefined } = {}): Promise<void> {
    return this.#connection.exclusive(async (run) => {
      const names = this.#files.names()
      const last = upTo === undefined ? names.length : names.indexOf(findMigration(upTo, names)) + 1
      await this.#each(run, await this.#load(names.slice(0, last)), 'up', {}, undefined)
    })
  }

  /** Carries out one migration without a ledger: for a scratch database. */
  run(name: string, direction: Direction): Promise<void> {
    return this.#connection.exclusive(async (run) => {
      await this.#each(run, await this.#load([name]), direction, {}, undefined)
    })
  }

  /** Loads every file, takes the lock, asks again what is to be done, and copies the database, before anything is done. */
  async #prepared(
    run: RunSql,
    direction: Direction | 'fresh',
    options: RunOptions,
    choose: (entries: readonly LedgerEntry[]) => readonly string[],
    work: (plan: Plan, migrations: readonly [string, MigrationClass][]) => Promise<string[]>,
  ): Promise<string[]> {
    const first = await this.#plan(run, choose)
    if (direction === 'down') this.#refuseMissing(first.names)
    if (options.dryRun) return [...first.names]
    await this.#load(first.names)
    const isIdle = first.names.length === 0 && first.interrupted.size === 0
    if (isIdle && direction !== 'fresh') return work(first, [])
    const inTurn = async () => {
      const plan = await this.#plan(run, choose)
      if (direction !== 'fresh') refuseInterrupted(plan.interrupted, direction, options.resume)
      if (direction === 'down') this.#refuseMissing(plan.names)
      const migrations = await this.#load(plan.names)
      if (migrations.length > 0 || direction === 'fresh') await this.#backUp(run, options)
      return work(plan, migrations)
    }
    if (options.lock === false) return inTurn()
    const timeout = options.wait ?? this.#settings.lockTimeout ?? LOCK_TIMEOUT
    return withLock(this.#connection, run, { timeout, onWait: options.onWait }, inTurn)
  }

  async #apply(
    run: RunSql,
    entries: readonly LedgerEntry[],
    migrations: readonly [string, MigrationClass][],
    options: RunOptions,
  ): Promise<string[]> {
    if (migrations.length === 0) return []
    const { driver, schemaName } = this.#connection
    const checksums = this.#files.checksums()
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
    migrations: readonly [string, MigrationClass][],
    direction: Direction,
    options: RunOptions,
    book: Book | undefined,
  ): Promise<string[]> {
    const done: string[] = []
    const { resume, onBatch } = options
    for (const [name, type] of migrations) {
      const start = performance.now()
      options.onStart?.(name)
      const request = { connection: this.#connection, run, name, type, direction, book, resume, onBatch }
      if (!(await applyMigration(request))) continue
      done.push(name)
      options.onDone?.(name, performance.now() - start)
    }
    return done
  }

  async #backUp(run: RunSql, { backup, onBackup }: RunOptions): Promise<void> {
    const { backups } = this.#settings
    if (!backups || backup === false) return
    const file = await backUp(this.#connection, run, backups)
    if (file) onBackup?.(file)
  }

  #refuseMissing(names: readonly string[]): void {
    const missing = names.find((name) => !this.#files.has(name))
    if (missing !== undefined) throw new MigrationMissingError(missing, this.#files.folder)
  }

  async #load(names: readonly string[]): Promise<[string, MigrationClass][]> {
    const loaded: [string, MigrationClass][] = []
    for (const name of names) loaded.push([name, await this.#files.load(name)])
    return loaded
  }

  /** Reading must not write: a database without a ledger has nothing applied. */
  async #plan(run: RunSql, choose: (entries: readonly LedgerEntry[]) => readonly string[]): Promise<Plan> {
    const hasLedger = await this.#connection.hasTable(run, LEDGER_TABLE)
    const entries = hasLedger ? await new Ledger(run).entries() : []
    const interrupted = await ProgressTable.read(this.#connection, run)
    return {
      names: choose(entries),
      entries,
      interrupted,
      statuses: statusOf(this.#files, entries, interrupted),
    }
  }
}
