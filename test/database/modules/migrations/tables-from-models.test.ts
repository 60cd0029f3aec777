import { existsSync, readdirSync } from 'node:fs'
import { ModuleBaselineError, ModuleTablesError, OwnLockError } from 'limber/database'
import { describe, expect, it } from 'vitest'
import {
  Item,
  ItemWithMore,
  ItemWithoutName,
  ItemWithPrice,
  migration,
  shopDatabases,
  shopOn,
} from './shop.ts'

const ADD = "insert into item (id, name) values (1, 'lamp')"

const databases = await shopDatabases()
const inSchemas = databases
  .filter(({ title }) => title === 'PostgreSQL')
  .map(({ title, create }) => ({
    title: `${title}, in a schema of its own, with one connection`,
    create: () => create({ schema: 'module_shop', pool: { max: 1 } }),
  }))

describe.each([...databases, ...inSchemas])('a module without migrations on $title', ({ title, create }) => {
  const isSqlite = title.startsWith('SQLite')

  it('gets its tables from its models, once', async () => {
    const shop = await shopOn(await create())
    const app = await shop.open({ models: [Item] })
    expect(await app.migrate()).toEqual([])
    await shop.rows(ADD)
    expect(await app.migrate()).toEqual([])
    expect(await shop.rows('select name from item')).toEqual([{ name: 'lamp' }])
    expect(await shop.applied()).toEqual(['models@1.0.0'])
  })

  it('gets columns, unique keys and checks that are new, and keeps its rows and what the models forgot', async () => {
    const shop = await shopOn(await create())
    await (await shop.open({ models: [Item] })).migrate()
    await shop.rows(ADD)
    const copies: string[] = []
    const later = await shop.open({ version: '1.1.0', models: [ItemWithMore] })
    await later.migrate({ onBackup: (file) => copies.push(file) })
    expect(await shop.rows('select name, note, stock from item')).toEqual([
      { name: 'lamp', note: null, stock: 7 },
    ])
    await shop.rows("update item set code = 'a', state = 'new'")
    await expect(shop.rows("insert into item (id, name, code) values (2, 'x', 'a')")).rejects.toThrow()
    await expect(shop.rows("insert into item (id, name, state) values (2, 'x', 'old')")).rejects.toThrow()
    expect(copies.map((file) => existsSync(file))).toEqual(isSqlite ? [true] : [])
    await (await shop.open({ version: '1.2.0', models: [ItemWithoutName] })).migrate()
    expect(await shop.rows('select name, code from item')).toEqual([{ name: 'lamp', code: 'a' }])
    expect(await shop.applied()).toEqual(['models@1.2.0'])
  })

  it('is told to write a migration for a required column, where there are rows', async () => {
    const shop = await shopOn(await create())
    await (await shop.open({ models: [Item] })).migrate()
    const later = await shop.open({ version: '1.1.0', models: [ItemWithPrice] })
    await shop.rows(ADD)
    const failure = later.migrate()
    await expect(failure).rejects.toThrow(ModuleTablesError)
    await expect(failure).rejects.toThrow(
      'The tables of "shop" cannot be made to fit its models: "item" has rows, which would have nothing in its new column "price": it is required and has no default.',
    )
    expect(await shop.applied()).toEqual(['models@1.0.0'])
    await shop.rows('delete from item')
    await later.migrate()
    expect(await shop.applied()).toEqual(['models@1.1.0'])
  })

  it('gets its tables once, when several want them at once', async () => {
    const shop = await shopOn(await create())
    const apps = await Promise.all([1, 2, 3, 4].map(() => shop.open({ models: [Item] })))
    await Promise.all(apps.map((app) => app.migrate()))
    await shop.rows(ADD)
    const later = await Promise.all(
      [1, 2, 3].map(() => shop.open({ version: '1.1.0', models: [ItemWithMore] })),
    )
    await Promise.all(later.map((app) => app.migrate()))
    expect(await shop.rows('select stock from item')).toEqual([{ stock: 7 }])
    expect(await shop.applied()).toEqual(['models@1.1.0'])
  })

  it('goes on with migrations: those up to the version of its models count as applied', async () => {
    const shop = await shopOn(await create())
    const author = await shop.open({ models: [Item] })
    await author.migrate()
    await shop.rows(ADD)
    const first = await author.run('makemigrations', '--module', 'shop', '-m', 'create items')
    expect(first).toMatchObject({ exitCode: 0, stderr: '' })
    const next = await shop.open({ version: '1.1.0', models: [ItemWithMore] })
    const second = await next.run('makemigrations', '--module', 'shop', '-m', 'more', '--json')
    expect(second.exitCode, second.stderr).toBe(0)
    expect(readdirSync(shop.folder).sort()).toEqual(['1.0.0.ts', '1.1.0.ts', 'schema.json'])
    const { stdout } = await next.run('status', '--module', 'shop')
    expect(stdout).toMatch(/1\.0\.0 +applied.*1\.1\.0 +pending/s)
    expect(await next.migrate()).toEqual(['1.1.0'])
    expect(await shop.rows('select name, stock from item')).toEqual([{ name: 'lamp', stock: 7 }])
    const back = await next.run('rollback', '--module', 'shop', '--step', '5')
    expect(back.stdout).toMatch(/Rolled back 1\.1\.0/)
    expect(back.stdout).not.toContain('1.0.0')
    expect(await shop.rows('select name from item')).toEqual([{ name: 'lamp' }])
    expect((await next.run('rollback', '--module', 'shop')).stdout).toBe('Nothing to roll back.\n')
  })

  it('whose first migration creates what is there says what its author has to do', async () => {
    const shop = await shopOn(await create())
    await (await shop.open({ models: [Item] })).migrate()
    shop.write({ '1.1.0': migration(['create table item (id integer)']) })
    const app = await shop.open({ version: '1.1.0', models: [Item] })
    const failure = app.migrate()
    await expect(failure).rejects.toThrow(ModuleBaselineError)
    await expect(failure).rejects.toThrow(
      'were made from its models of 1.0.0, and its first migration, 1.1.0',
    )
    expect(await shop.applied()).toEqual(['models@1.0.0'])
  })
})

it('inside a unit of work that has written there, tables are refused instead of waiting for its end', async () => {
  const [sqlite] = await shopDatabases()
  const shop = await shopOn(await (sqlite as NonNullable<typeof sqlite>).create())
  const app = await shop.open({ models: [Item] })
  await app.migrate()
  const later = await shop.open({ version: '1.1.0', models: [Item] })
  const inside = later.test.app.scope(async () => {
    await later.test.app.make('db.sessions').get('shop').execute(ADD)
    await later.migrate()
  })
  await expect(inside).rejects.toThrow(OwnLockError)
  expect(await shop.rows('select name from item')).toEqual([])
})

it('models that have changed since the tables were made are met when the first migration is written', async () => {
  const [sqlite] = databases
  const shop = await shopOn(await (sqlite as NonNullable<typeof sqlite>).create())
  await (await shop.open({ models: [Item] })).migrate()
  await shop.rows(ADD)
  const author = await shop.open({ models: [ItemWithMore] })
  const dry = await author.run('makemigrations', '--module', 'shop', '-m', 'create items', '--dry-run')
  expect(dry.exitCode).toBe(0)
  await expect(shop.rows('select stock from item')).rejects.toThrow()
  const written = await author.run('makemigrations', '--module', 'shop', '-m', 'create items')
  expect(written.exitCode).toBe(0)
  expect(await author.migrate()).toEqual([])
  expect(await shop.rows('select name, stock from item')).toEqual([{ name: 'lamp', stock: 7 }])
})
