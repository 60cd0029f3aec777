/** @module Which migrations of a module are applied, and which are not yet. */
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { Application } from '../../application/application.ts'
import { LEDGER_TABLE } from '../../database/migrations/run/ledger.ts'
import { loadSemver } from '../manifest/semver.ts'
import type { ModuleInfo } from '../module-info.ts'

export interface MigrationState {
  readonly applied: readonly string[]
  readonly pending: readonly string[]
}

/** Undefined where the module has no database of its own that is open. */
export async function migrationsOf(
  app: Application,
  module: ModuleInfo,
): Promise<MigrationState | undefined> {
  if (module.database === undefined || !app.has('modules.databases')) return undefined
  const { connection: name, migrations, version } = await app.make('modules.databases').open(module.name)
  const connection = app.make('db').connection(name)
  const ledger = await connection.exclusive(async (run) =>
    (await connection.hasTable(run, LEDGER_TABLE)) ? run(`select name from ${LEDGER_TABLE}`) : [],
  )
  const semver = await loadSemver()
  const applied = ledger.map((row) => String(row.name))
  const files = existsSync(migrations) ? readdirSync(migrations) : []
  const versions = files.map((file) => path.parse(file).name).filter((each) => semver.valid(each))
  const pending = [...new Set(versions)].filter(
    (each) => !applied.includes(each) && semver.lte(each, version),
  )
  return { applied, pending: semver.sort(pending) }
}
