/** @module Which migrations of a module are applied, and which are not yet. */
import type { Application } from '../../application/application.ts'
import { modelsRow } from '../../database/migrations/files/version-naming.ts'
import { versionOfTables } from '../../database/modules/module-migrations.ts'
import { moduleMigrations } from '../../database/modules/module-target.ts'
import type { ModuleInfo } from '../module-info.ts'

export interface MigrationState {
  /** As `limber db status` tells it; for tables that come from models, the row that says of which version. */
  readonly applied: readonly string[]
  readonly pending: readonly string[]
}

/** Undefined where the module has no database of its own that is open. */
export async function migrationsOf(
  app: Application,
  module: ModuleInfo,
): Promise<MigrationState | undefined> {
  if (module.database === undefined || !app.has('modules.databases')) return undefined
  const source = await app.make('modules.databases').open(module.name)
  const migrations = await moduleMigrations(app, source)
  const list = await migrations.migrator().status()
  const tables = list.length === 0 ? await versionOfTables(migrations) : undefined
  const isPending = (state: string) => state === 'pending' || state === 'interrupted'
  const names = (pending: boolean) =>
    list.filter(({ state }) => isPending(state) === pending).map(({ name }) => name)
  return { applied: tables === undefined ? names(false) : [modelsRow(tables)], pending: names(true) }
}
