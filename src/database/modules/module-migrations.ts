/** @module Brings the database of a module up to date. */
import type { Application } from '../../application/application.ts'
import type { ModuleDatabaseSource } from '../../application/ports/module-databases.ts'

export async function migrateModule(
  app: Application,
  source: ModuleDatabaseSource,
  _options: { readonly import?: (file: string) => Promise<object> } = {},
): Promise<string[]> {
  await app.make('db').connection(source.connection).orm.schema.update({ safe: true })
  return []
}
