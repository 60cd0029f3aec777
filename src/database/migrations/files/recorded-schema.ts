/** @module What the models asked for when the last migration was written, recorded beside the migrations: read without a database. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Connection } from '../../connections/connection.ts'
import type { Dialect } from '../../connections/driver.ts'
import { escapeDefaults } from '../schema/model-difference.ts'
import { FolderNotWritableError, RecordedSchemaError } from './errors.ts'
import type { MigrationFiles } from './migration-files.ts'

/** Its name tells what it is; two branches that both add a migration change the same lines of it. */
export const RECORDED_SCHEMA_FILE = 'schema.json'

export interface RecordedSchema {
  readonly format: 1
  /** The statements of migrations, and so the schema, are of one dialect. */
  readonly dialect: Dialect
  /** The last migration that was there. */
  readonly migration: string | undefined
  /** Of `schema`: equal when nothing has changed in the models that a table would show. */
  readonly fingerprint: string
  /** As the ORM describes what the models ask for. */
  readonly schema: unknown
}

/** Describes what the models of a connection ask for. No query is made. */
export function describeModels(connection: Connection, migration: string | undefined): RecordedSchema {
  escapeDefaults(connection)
  const schema: unknown = JSON.parse(JSON.stringify(connection.schema.getTargetSchema()))
  const { dialect } = connection.driver
  return { format: 1, dialect, migration, fingerprint: fingerprintOf(schema), schema }
}

/** @throws {RecordedSchemaError} when it is there and cannot be read, as after a merge with conflicts */
export function readRecordedSchema(folder: string): RecordedSchema | undefined {
  const file = path.join(folder, RECORDED_SCHEMA_FILE)
  if (!existsSync(file)) return undefined
  try {
    const recorded: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (isRecordedSchema(recorded)) return recorded
    throw new Error('it is of another format.')
  } catch (error) {
    throw new RecordedSchemaError(file, error)
  }
}

/** @throws {FolderNotWritableError} */
export function writeRecordedSchema(folder: string, recorded: RecordedSchema): void {
  try {
    writeFileSync(path.join(folder, RECORDED_SCHEMA_FILE), `${JSON.stringify(recorded, null, 2)}\n`)
  } catch (error) {
    throw new FolderNotWritableError(folder, error)
  }
}

/**
 * Records what the models ask for, unless it is recorded already; gives whether it was not. Nothing is to be recorded
 * before there is a migration.
 */
export function recordModels(files: MigrationFiles, connection: Connection): boolean {
  const migration = files.names().at(-1)
  if (migration === undefined) return false
  const now = describeModels(connection, migration)
  const { fingerprint, dialect, migration: last } = readable(files.folder) ?? {}
  if (fingerprint === now.fingerprint && dialect === now.dialect && last === migration) return false
  writeRecordedSchema(files.folder, now)
  return true
}

/** Notes that there is another migration, which does not come from the models: what they asked for stays as it was. */
export function recordMigration(files: MigrationFiles): void {
  const recorded = readable(files.folder)
  if (recorded) writeRecordedSchema(files.folder, { ...recorded, migration: files.names().at(-1) })
}

/** What cannot be read is written again. */
function readable(folder: string): RecordedSchema | undefined {
  try {
    return readRecordedSchema(folder)
  } catch (error) {
    if (error instanceof RecordedSchemaError) return undefined
    throw error
  }
}

function fingerprintOf(schema: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(schema)))
    .digest('hex')
}

/** The same text for the same content. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, part]) => [key, sorted(part)]),
  )
}

function isRecordedSchema(value: unknown): value is RecordedSchema {
  if (typeof value !== 'object' || value === null) return false
  return Reflect.get(value, 'format') === 1 && typeof Reflect.get(value, 'fingerprint') === 'string'
}
