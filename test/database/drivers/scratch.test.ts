import { describe, expect, it } from 'vitest'
import { Item, Shelf } from '../fixtures/warehouse.ts'
import { bootLibrary, commandsIn, succeed, tempFolder, write } from '../support/library-application.ts'
import { emptyDatabase, isThere, MARIADB, POSTGRES } from '../support/servers.ts'

const DATABASES: Record<string, string> = {
  PostgreSQL: "select datname as name from pg_database where datname like 'limber_scratch_%'",
  MariaDB:
    "select schema_name as name from information_schema.schemata where schema_name like 'limber_scratch_%'",
}

for (const server of [POSTGRES, MARIADB]) {
  if (!(await isThere(server))) continue

  describe(`${server.title}: a scratch database`, () => {
    it('is another one each time, and gone when it is closed', async () => {
      const own = server.driver({ database: await emptyDatabase(server) })
      const { app: observer } = await bootLibrary({ driver: own, models: [] })
      await observer.ready(['db'])
      const names = async () => {
        const rows = await observer.make('db.connection').execute(DATABASES[server.title] ?? '')
        return rows.map(({ name }) => String(name)).filter((name) => name.includes(`_${process.pid}_`))
      }
      const { app } = await bootLibrary({ driver: own.scratch(), connections: { second: own.scratch() } })
      await app.ready(['db'])
      await app.make('db.connection').schema.create()
      expect(await names()).toHaveLength(2)
      await app.stop()
      expect(await names()).toEqual([])
    })
  })
}

if (await isThere(POSTGRES)) {
  describe('PostgreSQL: a schema', () => {
    it('of its own is created by db migrate, and shares the database with another application', async () => {
      const database = await emptyDatabase(POSTGRES)
      const applications = ['shop', 'Two Words'].map((schema) => ({ schema, root: tempFolder() }))
      for (const { schema, root } of applications) {
        write(root, {})
        const driver = POSTGRES.driver({ database, schema })
        const test = await commandsIn({ root, driver, models: [Shelf, Item] })
        await succeed(test, 'db', 'makemigrations', '--message', 'create the warehouse')
        await succeed(test, 'db', 'migrate')
        const again = await succeed(test, 'db', 'makemigrations', '--message', 'again', '--dry-run')
        expect(again).toMatch(/nothing to write/)
        await test.scope(() => void test.make('db.session').create(Shelf, { name: schema }))
        const [row] = await test
          .make('db.connection')
          .execute('select name, current_schema() as schema from shelf')
        expect(row).toEqual({ name: schema, schema })
      }
    })
  })
}
