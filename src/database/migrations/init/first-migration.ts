/** @module Brings a new application to its first migration, and a fresh checkout to a database that has them all. */
import type { Application } from '../../../application/application.ts'
import { productionGuard } from '../guards/production-guard.ts'
import { Migrations } from '../migrations.ts'

export interface FirstMigration {
  /** The file that was written, from the root; undefined when there were migrations, or there are no models. */
  readonly file: string | undefined
  readonly applied: readonly string[]
  readonly hasMigrations: boolean
}

const MESSAGE = 'create tables'

/**
 * Writes a migration from the models when there is none, and applies what is pending. Run again, it changes nothing.
 *
 * @throws {DestructiveMigrationError} in production: what loses rows is applied by `limber db migrate`, which can be told to
 */
export async function firstMigration(app: Application): Promise<FirstMigration> {
  await app.ready(['db'])
  const migrations = app.make(Migrations)
  const file = migrations.files.names().length === 0 ? await write(migrations) : undefined
  const hasMigrations = migrations.files.names().length > 0
  const isProduction = app.environment === 'production'
  const guard = isProduction ? productionGuard(app.make('db').connection(), migrations.files) : {}
  const applied = hasMigrations ? await migrations.migrator().migrate(guard) : []
  return { file, applied, hasMigrations }
}

async function write(migrations: Migrations): Promise<string | undefined> {
  const diff = await migrations.diff()
  return diff.up.length > 0 ? migrations.write(MESSAGE, diff) : undefined
}
