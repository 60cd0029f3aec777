/** @module Brings the database of a module to where its version needs it: by its migrations, or else from its models. */
import type { Application } from '../../application/application.ts'
import type { ModuleDatabaseSource } from '../../application/ports/module-databases.ts'
import { MigrationFailedError } from '../migrations/errors.ts'
import { compareText } from '../migrations/files/migration-naming.ts'
import { versionOfModels } from '../migrations/files/version-naming.ts'
import { productionGuard } from '../migrations/guards/production-guard.ts'
import type { Migrations } from '../migrations/migrations.ts'
import { LEDGER_TABLE, Ledger } from '../migrations/run/ledger.ts'
import { LOCK_TIMEOUT } from '../migrations/run/prepared-run.ts'
import type { RunOptions } from '../migrations/run/run-options.ts'
import { ModuleBaselineError } from './errors.ts'
import { moduleMigrations } from './module-target.ts'
import { tablesFromModels } from './tables-from-models.ts'

export interface MigrateModuleOptions extends Omit<RunOptions, 'judge' | 'beforeStatement' | 'dryRun'> {
  /** Imports a file of the module by its absolute path, as it is now: plain `import()` knows only what it was. */
  readonly import?: ((file: string) => Promise<object>) | undefined
  /** In production: also migrations that lose rows or values. */
  readonly allowDestructive?: boolean | undefined
}

/**
 * Applies the pending migrations of a module, up to the version in its manifest; for a module without any, makes the
 * tables and columns of its models that are missing. It commits by itself: call it outside of units of work.
 *
 * @returns the names of what was applied; none for tables that come from models
 * @throws {MigrationFileError} @throws {MigrationFailedError} @throws {MigrationInterruptedError}
 * @throws {MigrationLockedError} @throws {BackupFailedError} @throws {DestructiveMigrationError}
 * @throws {ModuleTablesError} @throws {ModuleBaselineError}
 * @throws {OwnLockError} inside a unit of work that has written to this database
 */
export async function migrateModule(
  app: Application,
  source: ModuleDatabaseSource,
  { import: importFile, allowDestructive = false, ...options }: MigrateModuleOptions = {},
): Promise<string[]> {
  const migrations = await moduleMigrations(app, source, importFile)
  if (!hasMigrations(migrations)) {
    await makeTables(migrations, options)
    return []
  }
  const isRefusing = app.environment === 'production' && !allowDestructive
  const guard = isRefusing ? productionGuard(migrations.connection(), migrations.files) : {}
  try {
    return await migrations.migrator().migrate({ ...options, ...guard })
  } catch (error) {
    throw await explainBaseline(migrations, error)
  }
}

/** Whether there is a file, also one that is for a later version. */
export function hasMigrations({ files }: Migrations): boolean {
  return files.names().length > 0 || files.beyond().length > 0
}

/** Makes what the models of a module ask for and its database does not have; gives whether anything was made. */
export async function makeTables(
  migrations: Migrations,
  { backup = true, wait, onWait, onBackup }: Pick<RunOptions, 'backup' | 'wait' | 'onWait' | 'onBackup'> = {},
): Promise<boolean> {
  const { target, settings } = migrations
  if (!target) return false
  return tablesFromModels({
    connection: migrations.connection(),
    module: target.module,
    version: target.version,
    backups: backup ? settings.backups : undefined,
    timeout: wait ?? settings.lockTimeout ?? LOCK_TIMEOUT,
    onWait,
    onBackup,
  })
}

/** Tells when a first migration creates what was made from the models before. */
export async function explainBaseline(
  migrations: Migrations,
  error: unknown,
  connection?: string,
): Promise<unknown> {
  const explained = migrations.explain(error, connection)
  const { target, files } = migrations
  const [first] = files.names()
  if (!(error instanceof MigrationFailedError) || !target || first === undefined) return explained
  if (error.path[0] !== first) return explained
  const version = await versionOfTables(migrations)
  return version === undefined ? explained : new ModuleBaselineError(target.module, version, first, error)
}

/** The version of the models that the tables were made from, if they were. */
export async function versionOfTables(migrations: Migrations): Promise<string | undefined> {
  const connection = migrations.connection()
  return connection.exclusive(async (run) => {
    if (!(await connection.hasTable(run, LEDGER_TABLE))) return undefined
    const entries = await new Ledger(run).entries(compareText)
    return entries.map(({ name }) => versionOfModels(name)).find((version) => version !== undefined)
  })
}
