/** @module What separates the models from what the migrations produce, found and rehearsed on a scratch database. */
import type { Connection } from '../../connections/connection.ts'
import type { MigrationFiles } from '../files/migration-files.ts'
import { Migrator } from '../run/migrator.ts'
import { readSchema, targetSchema } from './compare-schemas.ts'
import { escapeDefaults, refuseNames } from './model-difference.ts'
import { Rehearsal, type SchemaDiff } from './rehearsal.ts'
import { findRenames } from './renames/find-renames.ts'
import { RenameChoices, type RenameOptions } from './renames/rename-choices.ts'
import { renameStatements } from './renames/rename-statements.ts'
import { Scratch } from './scratch.ts'
import { namingUnreadable } from './unreadable-names.ts'

/**
 * Applies the migrations to an empty scratch database and compares it with the models.
 *
 * @param connection with the models of the application, to a database that is empty
 * @throws {SchemaNotRepresentableError} when statements cannot bring the database to what the models ask for
 * @throws {RenameUndecidedError} @throws {RenameChoiceError}
 */
export async function diffSchema(
  connection: Connection,
  files: MigrationFiles,
  options: RenameOptions = {},
): Promise<SchemaDiff> {
  escapeDefaults(connection)
  await new Migrator(connection, files).replay()
  if (connection.driver.dialect === 'sqlite') refuseNames(connection)
  const schema = await namingUnreadable(connection, () => readSchema(connection))
  // Asked before a transaction is begun: a person takes their time.
  const choices = new RenameChoices(options)
  const renames = await findRenames(schema, targetSchema(connection), choices, connection.schemaName)
  const scratch = await Scratch.begin(connection, files)
  const rehearsal = await Rehearsal.begin(scratch, renameStatements(renames, connection), schema)
  return rehearsal.rehearse()
}
