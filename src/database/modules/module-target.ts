/** @module Whose migrations a command is about: those of the application, or with `--module` those of a module. */
import type { Application } from '../../application/application.ts'
import type { ModuleDatabaseSource } from '../../application/ports/module-databases.ts'
import { CommandProviderMissingError, CommandUsageError } from '../../console/errors.ts'
import { MigrationFiles } from '../migrations/files/migration-files.ts'
import { versionNaming } from '../migrations/files/version-naming.ts'
import { Migrations } from '../migrations/migrations.ts'

const PROVIDER = { name: 'ModulesServiceProvider', from: 'limber/modules' }

export interface ChosenDatabase {
  readonly module?: string | undefined
  readonly connection?: string | undefined
}

/**
 * Gives the migrations that a command is about. The connection of a module is opened for it.
 *
 * @throws {CommandUsageError} when both a module and a connection are chosen
 * @throws {CommandProviderMissingError} without a provider of modules
 * @throws {ModuleNotFoundError} @throws {NoModuleDatabaseError} @throws {PackageMissingError}
 */
export async function chosenMigrations(
  app: Application,
  chosen: ChosenDatabase,
  command: string,
): Promise<Migrations> {
  const source = await openModule(app, chosen, command)
  return source ? moduleMigrations(app, source) : app.make(Migrations)
}

/** Gives the name of the connection that a command is about; undefined for the default one. */
export async function chosenConnection(
  app: Application,
  chosen: ChosenDatabase,
  command: string,
): Promise<string | undefined> {
  return (await openModule(app, chosen, command))?.connection ?? chosen.connection
}

/** @throws {PackageMissingError} without the package "semver" */
export async function moduleMigrations(
  app: Application,
  { module, connection, version, migrations }: ModuleDatabaseSource,
  importFile?: (file: string) => Promise<object>,
): Promise<Migrations> {
  const naming = await versionNaming(version)
  const files = new MigrationFiles(migrations, { naming, import: importFile })
  return new Migrations(app, app.make('db'), { module, connection, version, files })
}

/** What applies them, as a person types it. */
export function migrateCommand({ target }: Migrations): string {
  return target ? `limber db migrate --module ${target.module}` : 'limber db migrate'
}

async function openModule(
  app: Application,
  { module, connection }: ChosenDatabase,
  command: string,
): Promise<ModuleDatabaseSource | undefined> {
  if (module === undefined) return undefined
  if (connection !== undefined)
    throw new CommandUsageError(command, 'a module has one connection, its own', 'Give one of the two.')
  if (!app.has('modules.databases')) throw new CommandProviderMissingError(command, PROVIDER)
  await app.ready(['db', 'modules.databases'])
  return app.make('modules.databases').open(module)
}
