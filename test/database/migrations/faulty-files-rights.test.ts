import { randomBytes } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { administer, ownDatabase, POSTGRES, type Server } from '../support/servers.ts'
import { expectClearError } from './support/clear-error.ts'
import { MigratingApp, migration, run } from './support/migrating-app.ts'
import { onServer, serverKinds, urlOf } from './support/own-databases.ts'
import { dump } from './support/schema-dump.ts'

const FIRST = '20260101000001_shelves'
const SHELVES = migration('CreateShelves', run('create table shelf (id integer primary key)'))

/** A database with one table, and somebody who may read it and nothing else. */
async function readersDatabase(server: Server) {
  const reader = `limber_reader_${randomBytes(4).toString('hex')}`
  // Removed after the database, which knows of the rights.
  onTestFinished(() => administer(server, `drop ${isPostgres ? 'role' : 'user'} if exists ${reader}`))
  const isPostgres = server.title === POSTGRES.title
  const name = await ownDatabase(server)
  const database = await onServer(server, name)
  await database.ask('create table shop (id integer)')
  await database.ask('insert into shop values (1)')
  if (isPostgres) {
    await administer(server, `create role ${reader} login password 'pony'`)
    await database.ask('revoke create on schema public from public')
    await database.ask(`grant select on all tables in schema public to ${reader}`)
  } else {
    await administer(server, `create user ${reader} identified by 'pony'`)
    await administer(server, `grant select on ${name}.* to ${reader}`)
  }
  return { database, url: urlOf(server, name, reader, 'pony') }
}

for (const { title, server } of await serverKinds()) {
  if (!server) continue

  describe(`somebody who may not create tables on ${title}`, () => {
    it('is told so, and nothing is changed', { timeout: 120_000 }, async () => {
      const { database, url } = await readersDatabase(server)
      const app = new MigratingApp({ url, migrations: { [FIRST]: SHELVES } })
      const before = await dump(database)
      const ended = await app.run(['db', 'migrate'])
      expectClearError(ended)
      expect(ended.stderr).toMatch(/permission denied|denied to user/)
      expect(ended.stderr).toContain('LIMBER_LEDGER_REFUSED')
      expect(await dump(database)).toEqual(before)
    })

    it('may look at what is pending', { timeout: 120_000 }, async () => {
      const { database, url } = await readersDatabase(server)
      const app = new MigratingApp({ url, migrations: { [FIRST]: SHELVES } })
      const before = await dump(database)
      expect(await app.succeed(['db', 'status'])).toContain(FIRST)
      expect(await app.succeed(['db', 'migrate', '--dry-run'])).toContain(FIRST)
      expect(await dump(database)).toEqual(before)
    })
  })
}
