/** @module Brings a database to the state its migrations describe, forwards and back. */
import type { Connection, RunSql } from '../../connections/connection.ts'
import { DatabaseUnavailableError } from '../../errors.ts'
import { MigrationFailedError, MigrationMissingError, MigrationStepError } from '../errors.ts'
import type { MigrationFiles } from '../files/migration-files.ts'
import type { MigrationClass } from '../migration.ts'
import { replaceApplied, replacedNames } from '../squash/replace-applied.ts'
import { LEDGER_TABLE, Ledger, type LedgerEntry } from './ledger.ts'
import { inMigrationTransaction } from './migration-transaction.ts'

export interface MigrationStatus {
  readonly name: string
  readonly state: 'applied' | 'pending' | 'missing'
  readonly appliedAt: string | undefined
  readonly batch: number | undefined
}

export interface RunOptions {
  /** At most this many migrations. */
  readonly step?: number | undefined
  /** Only says what would be done. */
  readonly dryRun?: boolean | undefined
  /** Called after each migration. */
  readonly onDone?: ((name: string, milliseconds: number) => void) | undefined
}

/** What is remembered of a migration, asked and written inside its transaction. */
interface Book {
  isDue(name: string): Promise<boolean>
  record(name: string): Promise<void>
}

export class Migrator {
  readonly #connection: Connection
  readonly #files: MigrationFiles

  constructor(connection: Connection, files: MigrationFiles) {
    this.#connection = connection
    this.#files = files
  }

  /** Every migration: applied, pending, or applied without its file being there. */
  status(): Promise<MigrationStatus[]> {
    return this.#connection.exclusive(async (run) => {
      const applied = new Map((await this.#entries(run)).map((entry) => [entry.name, entry]))
      const replaced = await replacedNames(this.#files, new Set(applied.keys()))
      const known = [...applied.keys()].filter((name) => !replaced.has(name))
      const names = [...new Set([...this.#files.names(), ...known])].sort()
      return names.map((name) => {
        const entry = applied.get(name)
        const state = !entry ? 'pending' : this.#files.has(name) ? 'applied' : 'missing'
        return { name, state, appliedAt: entry?.appliedAt, batch: entry?.batch }
      })
    })
  }

  /**
   * Applies what is pending, oldest first, each in a transaction of its own.
   *
   * @returns the names of what was applied, without those that another process applied meanwhile
   * @throws {MigrationFileError} before anything is applied
   * @throws {MigrationFailedError} when one fails: those before it stay applied, nothing of it does
   */
  async migrate(options: RunOptions = {}): Promise<string[]> {
    checkStep(options)
    return this.#connection.exclusive(async (run) => {
      const entries = await this.#entries(run)
      const applied = new Set(entries.map((entry) => entry.name))
      const replaced = await replaceApplied(run, this.#connection.driver, this.#files, applied, options)
      for (const name of replaced) applied.add(name)
      const pending = this.#files.names().filter((name) => !applied.has(name))
      const chosen = pending.slice(0, options.step ?? pending.length)
      if (options.dryRun) return chosen
      const migrations = await this.#load(chosen)
      const batch = Math.max(0, ...entries.map((entry) => entry.batch)) + 1
      const ledger = new Ledger(run)
      if (chosen.length > 0) await ledger.create(this.#connection.schemaName)
      return this.#each(run, migrations, 'up', options, {
        isDue: async (name) => !(await ledger.has(name)),
        record: (name) => ledger.add(name, batch),
      })
    })
  }

  /**
   * Takes back the migrations of the last run, or the last `step` ones, newest first.
   *
   * @returns the names of what was taken back
   * @throws {MigrationMissingError} when a file is gone: then nothing is taken back
   */
  async rollback(options: RunOptions = {}): Promise<string[]> {
    checkStep(options)
    return this.#connection.exclusive(async (run) => {
      const entries = (await this.#entries(run)).reverse()
      const batch = entries[0]?.batch
      const chosen = options.step
        ? entries.slice(0, options.step)
        : entries.filter((entry) => entry.batch === batch)
      const names = chosen.map((entry) => entry.name)
      for (const name of names) {
        if (!this.#files.has(name)) throw new MigrationMissingError(name, this.#files.folder)
      }
      if (options.dryRun) return names
      const ledger = new Ledger(run)
      return this.#each(run, await this.#load(names), 'down', options, {
        isDue: (name) => ledger.has(name),
        record: (name) => ledger.remove(name),
      })
    })
  }

  /** Applies every migration without a ledger: for a scratch database. */
  replay(): Promise<void> {
    return this.#connection.exclusive(async (run) => {
      const migrations = await this.#load(this.#files.names())
      const book = { isDue: () => Promise.resolve(true), record: () => Promise.resolve() }
      await this.#each(run, migrations, 'up', {}, book)
    })
  }

  /** Gives the names of those that were run: another process may have been faster with some. */
  async #each(
    run: RunSql,
    migrations: readonly [string, MigrationClass][],
    direction: 'up' | 'down',
    options: RunOptions,
    book: Book,
  ): Promise<string[]> {
    const done: string[] = []
    for (const [name, Migration] of migrations) {
      const start = performance.now()
      if (!(await this.#apply(run, name, Migration, direction, book))) continue
      done.push(name)
      options.onDone?.(name, performance.now() - start)
    }
    return done
  }

  async #apply(
    run: RunSql,
    name: string,
    Migration: MigrationClass,
    direction: 'up' | 'down',
    book: Book,
  ): Promise<boolean> {
    try {
      return await inMigrationTransaction(this.#connection.driver, run, async () => {
        // Only now nobody else can change the answer.
        if (!(await book.isDue(name))) return false
        const migration = new Migration(run, this.#connection.driver.dialect)
        await migration[direction]()
        await migration.settled()
        await book.record(name)
        return true
      })
    } catch (error) {
      if (error instanceof DatabaseUnavailableError) throw error
      // There each statement that changes the schema commits by itself, and everything before it.
      const isAtomic = this.#connection.driver.dialect !== 'mysql'
      throw new MigrationFailedError(name, direction, isAtomic, error)
    }
  }

  async #load(names: readonly string[]): Promise<[string, MigrationClass][]> {
    const loaded: [string, MigrationClass][] = []
    for (const name of names) loaded.push([name, await this.#files.load(name)])
    return loaded
  }

  /** Reading must not write: a database without a ledger has nothing applied. */
  async #entries(run: RunSql): Promise<LedgerEntry[]> {
    const hasLedger = await this.#connection.hasTable(run, LEDGER_TABLE)
    return hasLedger ? new Ledger(run).entries() : []
  }
}

function checkStep({ step }: RunOptions): void {
  if (step !== undefined && step < 1) throw new MigrationStepError(step)
}
