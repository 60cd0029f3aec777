/** @module Everything that comes before a run changes anything: files, lock, a second look at the ledger, and a copy. */
import type { Connection, RunSql } from '../../connections/connection.ts'
import { MigrationMissingError } from '../errors.ts'
import type { MigrationFiles } from '../files/migration-files.ts'
import type { MigrationClass } from '../migration.ts'
import { type BackupSettings, backUp } from './backup.ts'
import { withCovered } from './covered-migrations.ts'
import { refuseInterrupted } from './interrupted.ts'
import { LEDGER_TABLE, Ledger, type LedgerEntry } from './ledger.ts'
import { withLock } from './lock.ts'
import { type MigrationStatus, statusOf } from './migration-status.ts'
import { type Direction, type Progress, ProgressTable } from './progress.ts'
import { replacedNames, takeSquashes } from './replace-applied.ts'
import type { RunOptions } from './run-options.ts'

export interface MigratorSettings {
  /** Where an SQLite database is copied to before a run; without it, nowhere. */
  readonly backups?: BackupSettings | undefined
  /** How long a run waits for another process, in milliseconds; default 60,000. */
  readonly lockTimeout?: number | undefined
}

export const LOCK_TIMEOUT = 60_000

/** What a database says of itself, and the names that a run takes of it, in its order. */
export interface Plan {
  readonly names: readonly string[]
  readonly entries: readonly LedgerEntry[]
  readonly statuses: readonly MigrationStatus[]
  readonly interrupted: ReadonlyMap<string, Progress>
  /** Of the files, as they are now. */
  readonly checksums: ReadonlyMap<string, string>
}

export type Choose = (entries: readonly LedgerEntry[]) => readonly string[]

export type LoadedMigration = readonly [name: string, type: MigrationClass]

export interface PreparedRun {
  readonly connection: Connection
  readonly files: MigrationFiles
  readonly settings: MigratorSettings
  /** `fresh` does not care for what was there. */
  readonly direction: Direction | 'fresh'
  readonly options: RunOptions
  readonly choose: Choose
}

/** Does the work under the lock, with what is to be done then; gives the names only, in a dry run. */
export async function prepared(
  facts: PreparedRun,
  run: RunSql,
  work: (plan: Plan, migrations: readonly LoadedMigration[]) => Promise<string[]>,
): Promise<string[]> {
  const { connection, files, settings, direction, options, choose } = facts
  const first = await planOf(connection, files, run, choose)
  if (direction === 'down') refuseMissing(files, first.names)
  if (options.dryRun) {
    const taken = direction === 'up' ? await takeSquashes(connection, files, run, { dryRun: true }) : []
    const names = first.names.filter((name) => !taken.includes(name))
    await options.judge?.(names, run)
    return names
  }
  await loadMigrations(files, first.names)
  const isIdle = first.names.length === 0 && first.interrupted.size === 0
  if (isIdle && direction !== 'fresh') return work(first, [])
  const inTurn = async () => {
    if (direction === 'up') await takeSquashes(connection, files, run)
    // Whoever had the lock before may have done it all.
    const plan = await planOf(connection, files, run, choose)
    if (direction !== 'fresh') refuseInterrupted(plan.interrupted, direction, options.resume)
    if (direction === 'down') refuseMissing(files, plan.names)
    const migrations = await loadMigrations(files, plan.names)
    await options.judge?.(plan.names, run)
    if (migrations.length > 0 || direction === 'fresh') await copy(facts, run)
    return work(plan, migrations)
  }
  if (options.lock === false) return inTurn()
  const timeout = options.wait ?? settings.lockTimeout ?? LOCK_TIMEOUT
  return withLock(connection, run, { timeout, onWait: options.onWait }, inTurn)
}

/** Reading must not write: a database without a ledger has nothing applied. */
export async function planOf(
  connection: Connection,
  files: MigrationFiles,
  run: RunSql,
  choose: Choose,
): Promise<Plan> {
  const hasLedger = await connection.hasTable(run, LEDGER_TABLE)
  const written = hasLedger ? await new Ledger(run).entries(files.naming.compare) : []
  const entries = withCovered(written, files)
  const interrupted = await ProgressTable.read(connection, run)
  const replaced = await replacedNames(files, new Set(entries.map(({ name }) => name)))
  const standing = entries.filter(({ name }) => !replaced.has(name))
  const checksums = files.checksums()
  const statuses = statusOf(files, standing, interrupted, checksums)
  return { names: choose(entries), entries, interrupted, checksums, statuses }
}

/** All of a run, before anything of it is applied. */
export async function loadMigrations(
  files: MigrationFiles,
  names: readonly string[],
): Promise<LoadedMigration[]> {
  const loaded: LoadedMigration[] = []
  for (const name of names) loaded.push([name, await files.load(name)])
  return loaded
}

function refuseMissing(files: MigrationFiles, names: readonly string[]): void {
  const missing = names.find((name) => !files.has(name))
  if (missing !== undefined) throw new MigrationMissingError(missing, files.folder)
}

async function copy({ connection, settings: { backups }, options }: PreparedRun, run: RunSql): Promise<void> {
  if (!backups || options.backup === false) return
  const file = await backUp(connection, run, backups)
  if (file) options.onBackup?.(file)
}
