/** @module What comes before a migration is written for a version of a module. */
import type { Migrations } from '../migrations/migrations.ts'
import { ModuleVersionTakenError } from './errors.ts'
import { hasMigrations, makeTables, versionOfTables } from './module-migrations.ts'

/**
 * Sees to it that the next migration has a version of its own; those of an application have a time instead.
 *
 * @throws {ModuleVersionTakenError}
 */
export async function refuseTaken(migrations: Migrations): Promise<void> {
  const { target, files } = migrations
  if (!target) return
  const isSame = (name: string) => withoutBuild(name) === withoutBuild(target.version)
  const hasFile = files.names().some(isSame)
  const isTaken =
    hasFile ||
    (await migrations.migrator().status()).some(({ name, batch }) => isSame(name) && batch !== undefined)
  if (isTaken) throw new ModuleVersionTakenError(target.module, target.version, hasFile)
}

/**
 * Brings tables that were made from the models to what the models ask for now: the first migration, which creates them all,
 * counts as applied in this database.
 *
 * @throws {ModuleTablesError}
 */
export async function adoptTables(migrations: Migrations): Promise<void> {
  if (!migrations.target || hasMigrations(migrations)) return
  if ((await versionOfTables(migrations)) !== undefined) await makeTables(migrations)
}

/** What stands behind the plus does not make it another version. */
function withoutBuild(version: string): string {
  return version.replace(/\+.*/, '')
}
