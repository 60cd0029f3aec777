/** On servers, too, a failed update leaves the database as it was: by the programs of the server, with all that is in it. */
import path from 'node:path'
import type { Driver } from 'limber/database'
import { describe, expect, it } from 'vitest'
import { bootLibrary } from '../../database/support/library-application.ts'
import { emptyDatabase, isThere, MARIADB, POSTGRES } from '../../database/support/servers.ts'
import { areInstalled } from '../../support/server-process.ts'
import { ModuleUpdate } from '../internals.ts'
import { applicationWith, shopFolder } from '../support/shop.ts'
import { testHost } from '../support/test-host.ts'

const SCHEMA = 'module_user_points'

const KINDS = [
  {
    server: POSTGRES,
    programs: ['pg_dump', 'pg_restore'],
    driver: (database: string) => POSTGRES.driver({ database, schema: SCHEMA }),
    fill: [
      `create schema ${SCHEMA}`,
      'create table customer (id serial primary key, name text not null, deleted_at timestamptz null)',
      'create table purchase (id serial primary key, customer_id integer not null references customer (id), what text)',
      'create view living as select name from customer where deleted_at is null',
    ],
    facts: [
      'select * from customer order by id',
      'select * from purchase order by id',
      'select * from living',
      'select last_value from customer_id_seq',
      `select table_name as name from information_schema.tables where table_schema = '${SCHEMA}' order by 1`,
    ],
  },
  {
    server: MARIADB,
    programs: ['mariadb-dump', 'mariadb'],
    driver: (database: string) => MARIADB.driver({ database }),
    fill: [
      'create table customer (id integer auto_increment primary key, name varchar(80) not null, deleted_at datetime null)',
      'create table purchase (id integer auto_increment primary key, customer_id integer not null, what varchar(80), foreign key (customer_id) references customer (id))',
      'create view living as select name from customer where deleted_at is null',
      'create trigger named before insert on customer for each row set new.name = trim(new.name)',
      'create function answer() returns integer deterministic return 42',
    ],
    facts: [
      'select * from customer order by id',
      'select * from purchase order by id',
      'select * from living',
      'select answer() as answer',
      'select auto_increment as next from information_schema.tables where table_schema = schema() order by table_name',
      'select trigger_name as name from information_schema.triggers where trigger_schema = schema()',
      'select default_collation_name as name from information_schema.schemata where schema_name = schema()',
    ],
  },
]

const ROWS = [
  "insert into customer (name, deleted_at) values ('Ada', null), ('Bob', '2026-01-01 10:00:00'), ('Cleo', null)",
  "insert into purchase (customer_id, what) values (1, 'a book'), (2, 'a pén')",
  "delete from customer where name = 'Cleo'",
]

const SPOIL = [
  'drop view living',
  'drop table purchase',
  'create table coupon (id integer)',
  'delete from customer',
]

for (const { server, programs, driver: driverFor, fill, facts } of KINDS) {
  const isReady = (await isThere(server)) && areInstalled(...programs)
  describe.runIf(isReady)(server.title, { timeout: 60_000 }, () => {
    const filled = async () => {
      const driver = driverFor(await emptyDatabase(server))
      await execute(driver, [...fill, ...ROWS])
      return driver
    }
    it('a failed update puts back tables, rows, keys that count up, and what else is in a database', async () => {
      const driver = await filled()
      const shop = applicationWith({ shop: {} })
      const code = shop.code()
      const before = await execute(driver, facts)
      const migrate = async () => {
        await execute(driver, SPOIL)
        throw new Error('the second migration fails')
      }
      const host = testHost(shop.root, { driver, migrate, loaded: ['shop'] })
      const update = new ModuleUpdate(host).run({
        module: { name: 'shop', folder: shop.folder },
        source: shopFolder({ version: '1.3.0' }),
      })
      await expect(update).rejects.toMatchObject({ code: 'LIMBER_MODULE_UPDATE_FAILED' })
      expect(await execute(driver, facts)).toEqual(before)
      expect(shop.code()).toEqual(code)
      expect(host.calls).toEqual(['unload shop', 'migrate', 'load shop'])
      expect(shop.leftovers()).toEqual([])
    })

    it('an update touches nothing when the database cannot be copied', async () => {
      const shop = applicationWith({ shop: {} })
      const code = shop.code()
      const host = testHost(shop.root, { driver: driverFor('no_such_database'), loaded: ['shop'] })
      const update = new ModuleUpdate(host).run({
        module: { name: 'shop', folder: shop.folder },
        source: shopFolder({ version: '1.3.0' }),
      })
      await expect(update).rejects.toMatchObject({ code: 'LIMBER_DATABASE_DUMP' })
      expect([shop.code(), host.calls, shop.leftovers()]).toEqual([code, [], []])
    })
  })
}

describe.runIf(await isThere(POSTGRES))('without the programs of the server', () => {
  it('an update says so before it changes anything', async () => {
    const driver = POSTGRES.driver({ database: await emptyDatabase(POSTGRES), schema: SCHEMA })
    const shop = applicationWith({ shop: {} })
    const [code, folders] = [shop.code(), process.env.PATH]
    const host = testHost(shop.root, { driver, loaded: ['shop'] })
    process.env.PATH = path.join(shop.root, 'nothing')
    try {
      const update = new ModuleUpdate(host).run({
        module: { name: 'shop', folder: shop.folder },
        source: shopFolder({ version: '1.3.0' }),
      })
      await expect(update).rejects.toMatchObject({ code: 'LIMBER_DUMP_PROGRAM_MISSING' })
    } finally {
      process.env.PATH = folders
    }
    expect(shop.code()).toEqual(code)
    expect(host.calls).toEqual([])
    expect(shop.leftovers()).toEqual([])
  })
})

async function execute(driver: Driver, statements: readonly string[]): Promise<unknown[]> {
  const { app } = await bootLibrary({ driver, models: [] })
  await app.ready(['db'])
  const results: unknown[] = []
  for (const statement of statements) results.push(await app.make('db.connection').execute(statement))
  await app.stop()
  return results
}
