/** @module What separates the models from what was recorded of them, where no scratch database can be made. */
import { Type, t } from '@mikro-orm/core'
import { DatabaseSchema, DatabaseTable } from '@mikro-orm/sql'
import type { Connection } from '../../connections/connection.ts'
import { RecordedSchemaError } from '../files/errors.ts'
import type { MigrationFiles } from '../files/migration-files.ts'
import { RECORDED_SCHEMA_FILE, type RecordedSchema } from '../files/recorded-schema.ts'
import { platformOf, targetSchema } from './compare-schemas.ts'
import { escapeDefaults, modelDifference } from './model-difference.ts'
import { renameRecorded } from './recorded-renames.ts'
import type { RecordedTables } from './recorded-tables.ts'
import type { SchemaDiff } from './rehearsal.ts'
import { findRenames } from './renames/find-renames.ts'
import { RenameChoices, type RenameOptions } from './renames/rename-choices.ts'
import { renameStatements } from './renames/rename-statements.ts'
import { SchemaSnapshot } from './snapshots/schema-snapshot.ts'
import { warningsOf } from './warnings.ts'

/**
 * Compares without a query. Nothing is rehearsed, which the warnings say.
 *
 * @param reason why there is no scratch database
 * @throws {RecordedSchemaError} when it is of another kind of database
 * @throws {RenameUndecidedError} @throws {RenameChoiceError} @throws {SchemaNotRepresentableError}
 */
export async function diffRecorded(
  connection: Connection,
  recorded: RecordedSchema,
  files: MigrationFiles,
  options: RenameOptions,
  reason: string,
): Promise<SchemaDiff> {
  const { dialect } = connection.driver
  if (recorded.dialect !== dialect)
    throw new RecordedSchemaError(
      RECORDED_SCHEMA_FILE,
      new Error(`it is of ${recorded.dialect}, not ${dialect}.`),
    )
  escapeDefaults(connection)
  // It was written by this version of the format, from a schema of the ORM.
  const schema = recorded.schema as RecordedTables
  const target = targetSchema(connection)
  const choices = new RenameChoices(options)
  const renames = await findRenames(rebuild(connection, schema), target, choices, connection.schemaName)
  const renamed = rebuild(connection, renameRecorded(schema, renames))
  const before = columnsOf(renamed)
  const statements = renameStatements(renames, connection)
  const { up, down } = await modelDifference(connection, renamed)
  return {
    up: [...statements.up, ...up],
    down: [...down, ...statements.down],
    warnings: [
      `${reason} So the models were compared with ${RECORDED_SCHEMA_FILE}, and the statements were not tried: read them.`,
      ...unknownMigrations(recorded, files),
      ...warningsOf(columnsOf(target), before, dialect),
    ],
  }
}

function unknownMigrations({ migration = '' }: RecordedSchema, files: MigrationFiles): string[] {
  const later = files.names().filter((name) => files.naming.compare(name, migration) > 0)
  if (later.length === 0) return []
  return [`What ${later.join(', ')} changed is not in ${RECORDED_SCHEMA_FILE}, which is older.`]
}

function rebuild({ orm }: Connection, recorded: RecordedTables): DatabaseSchema {
  const platform = platformOf(orm)
  const schema = new DatabaseSchema(platform, recorded.name)
  schema.setNativeEnums(recorded.nativeEnums)
  const tables = recorded.tables.map((written) => {
    const table = new DatabaseTable(platform, written.name, written.schema)
    Object.assign(table, { comment: written.comment, nativeEnums: recorded.nativeEnums })
    Object.assign(table, { rlsEnabled: written.rlsEnabled ?? false, rlsForced: written.rlsForced ?? false })
    table.setIndexes(written.indexes)
    table.setChecks(written.checks)
    table.setTriggers(written.triggers)
    table.setPolicies(written.policies ?? [])
    table.setForeignKeys(written.foreignKeys)
    for (const column of Object.values(written.columns)) {
      const known = Object.entries(t).find(([name]) => name === column.mappedType)?.[1]
      const mappedType = known ? Type.getType(known) : platform.getMappedType(column.type)
      table.addColumn({ ...column, mappedType })
    }
    return table
  })
  schema.setTables(tables)
  schema.setViews(recorded.views)
  schema.setNamespaces(new Set(recorded.namespaces))
  return schema
}

/** As much of a snapshot as the warnings need. */
function columnsOf(schema: DatabaseSchema): SchemaSnapshot {
  const columns = schema.getTables().map((table) => {
    const written = table.getColumns().filter(({ generated }) => !generated)
    const required = written.map((column) => ({
      name: column.name,
      isRequired: !column.nullable && !column.autoincrement && (column.default ?? null) === null,
    }))
    return [table.getShortestName(), required] as const
  })
  return new SchemaSnapshot([], new Map(columns))
}
