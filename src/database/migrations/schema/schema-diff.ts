/** @module What separates the models from what the migrations produce, found and rehearsed on a scratch database. */
import type { Connection } from '../../connections/connection.ts'
import type { MigrationFiles } from '../files/migration-files.ts'
import { Migrator } from '../run/migrator.ts'
import { escapeDefaults, modelDifference, refuseNames } from './model-difference.ts'
import { Rehearsal, type SchemaDiff } from './rehearsal.ts'

/**
 * Applies the migrations to an empty scratch database and compares it with the models.
 *
 * @param scratch a connection with the models of the application, to a database that is empty
 * @throws {SchemaNotRepresentableError} when statements cannot bring the database to what the models ask for
 */
export async function diffSchema(scratch: Connection, files: MigrationFiles): Promise<SchemaDiff> {
  escapeDefaults(scratch)
  await new Migrator(scratch, files).replay()
  // What a database has written down is compared on SQLite only, so far; elsewhere the ORM is believed.
  if (scratch.driver.dialect !== 'sqlite') return { ...(await modelDifference(scratch)), warnings: [] }
  refuseNames(scratch)
  return (await Rehearsal.begin(scratch)).rehearse()
}
