/** @module Brings the database of a module up to date. */
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { Application } from '../../application/application.ts'
import type { ModuleDatabaseSource } from '../../application/ports/module-databases.ts'

import type { Migration, MigrationContext } from '../migrations/migration.ts'

type MigrationClass = new (context: MigrationContext) => Migration

export async function migrateModule(
  app: Application,
  { connection: name, migrations, version }: ModuleDatabaseSource,
  { import: load }: { readonly import: (file: string) => Promise<object> },
): Promise<string[]> {
  const { compare } = (await import('semver')).default
  const connection = app.make('db').connection(name)
  await connection.execute(
    'create table if not exists limber_migrations (name varchar(255) not null primary key, batch integer not null, applied_at varchar(30) not null, checksum varchar(64) null)',
  )
  const applied = (await connection.execute('select name from limber_migrations')).map((row) => row.name)
  const files = existsSync(migrations) ? readdirSync(migrations) : []
  const names = files.map((file) => path.basename(file, '.ts')).sort(compare)
  const pending = names.filter((each) => !applied.includes(each) && compare(each, version) <= 0)
  for (const each of pending) {
    const exports: object = await load(path.join(migrations, `${each}.ts`))
    const Type: MigrationClass = Object.values(exports)[0]
    await connection.exclusive(async (run) => {
      await run('begin')
      try {
        const migration = new Type({ execute: run, batches: async () => 0 })
        await migration.up()
        await run('insert into limber_migrations (name, batch, applied_at) values (?, 1, ?)', [
          each,
          new Date().toISOString(),
        ])
        await run('commit')
      } catch (error) {
        await run('rollback')
        throw error
      }
    })
  }
  return pending
}
