import path from 'node:path'
import { fromUrl } from 'limber/database'
import { expect, test } from 'vitest'
import { commandsIn, openRaw, tempFolder, write } from '../database/support/library-application.ts'

const MIGRATION = `
import { Migration } from 'limber/database'

export class Careless extends Migration {
  override async up() {
    this.execute('create table first (id integer)')
    this.execute('create tabel second (id integer)')
  }
}
`

test('a migration that forgets an await is awaited all the same, and fails as a whole', async () => {
  const root = tempFolder()
  write(root, { 'database/migrations/20270101000000_careless.ts': MIGRATION })
  const test = await commandsIn({ root, driver: fromUrl('sqlite:library.sqlite') })
  const { exitCode, stderr } = await test.run('db', 'migrate')
  expect({ exitCode, stderr }).toEqual({
    exitCode: 4,
    stderr: expect.stringContaining('LIMBER_MIGRATION_FAILED'),
  })
  const raw = openRaw(path.join(root, 'library.sqlite'))
  expect(raw.prepare("select name from sqlite_master where name in ('first', 'second')").all()).toEqual([])
  expect(raw.prepare('select count(*) as applied from limber_migrations').all()).toEqual([{ applied: 0 }])
})
