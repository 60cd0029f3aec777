/** @module Brings a new application to its first migration, and a fresh checkout to a database that has them all. */
import path from 'node:path'
import type { Application } from '../../../application/application.ts'
import { describeModels, readRecordedSchema, writeRecordedSchema } from '../files/recorded-schema.ts'
import { Migrations } from '../migrations.ts'

export interface FirstMigration {
  /** The file that was written, from the root; undefined when there were migrations, or there are no models. */
  readonly file: string | undefined
  readonly applied: readonly string[]
  readonly hasMigrations: boolean
}

const MESSAGE = 'create tables'

/** Writes a migration from the models when there is none, and applies what is pending. Run again, it changes nothing. */
export async function firstMigration(app: Application): Promise<FirstMigration> {
  await app.ready(['db'])
  const migrations = app.make(Migrations)
  const file = migrations.files.names().length === 0 ? await write(app, migrations) : undefined
  const hasMigrations = migrations.files.names().length > 0
  const applied = hasMigrations ? await migrations.migrator().migrate() : []
  return { file, applied, hasMigrations }
}

async function write(app: Application, migrations: Migrations): Promise<string | undefined> {
  const diff = await migrations.diff()
  if (diff.up.length === 0) return undefined
  const file = migrations.write(MESSAGE, diff)
  const { folder } = migrations.files
  if (!readRecordedSchema(folder))
    writeRecordedSchema(folder, describeModels(app.make('db').connection(), path.parse(file).name))
  return file
}
