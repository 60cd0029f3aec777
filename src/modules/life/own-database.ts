/** @module Which database a module has, told from its permissions; and what must not be in its folder then. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { ModuleDatabaseSource } from '../../application/ports/module-databases.ts'
import { connectionNameOf } from '../../database/modules/connection-name.ts'
import { ModulePartError } from '../errors.ts'
import type { FoundModule } from '../manifest/manifest.ts'
import { OWN_DATABASE } from '../permissions/permission.ts'

const MIGRATIONS = 'migrations'

export function hasOwnDatabase({ manifest: { permissions } }: FoundModule): boolean {
  return permissions.some((permission) => OWN_DATABASE.includes(permission))
}

/** Tells where the database of a module is found, and what brings it up to date. */
export function ownDatabaseOf({ manifest: { name, version }, folder }: FoundModule): ModuleDatabaseSource {
  return {
    module: name,
    connection: connectionNameOf(name),
    version,
    migrations: path.join(folder, MIGRATIONS),
  }
}

/** A section: its models are in the database of the application. */
export function isSection(found: FoundModule): boolean {
  return found.manifest.permissions.includes('use_app_db') && !hasOwnDatabase(found)
}

/** @throws {ModulePartError} */
export function checkDatabaseParts(found: FoundModule, models: number): void {
  const { name } = found.manifest
  if (hasOwnDatabase(found)) return
  if (models > 0 && !isSection(found)) {
    const hint = 'Add use_db for a database of its own, or use_app_db, to permissions in its module.yaml.'
    const reason = `it has no permission for a database (${found.placeOf('permissions')}).`
    throw new ModulePartError(name, 'models', reason, hint)
  }
  if (!existsSync(path.join(found.folder, MIGRATIONS))) return
  const hint = isSection(found)
    ? 'Make its migrations with limber db makemigrations, as those of the application.'
    : 'Add use_db to permissions in its module.yaml.'
  const reason = `it has no database of its own (${found.placeOf('permissions')}).`
  throw new ModulePartError(name, `${MIGRATIONS}/`, reason, hint)
}
