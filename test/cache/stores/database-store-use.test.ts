import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { Application } from 'limber'
import { DatabaseServiceProvider, type Driver, databaseStore, fromUrl } from 'limber/database'
import { describe, expect, test } from 'vitest'
import { Item, Shelf } from '../../database/fixtures/warehouse.ts'
import {
  bootLibrary,
  commandsIn,
  succeed,
  tempFolder,
  write,
} from '../../database/support/library-application.ts'
import { emptyDatabase, isThere, MARIADB, POSTGRES, type Server } from '../../database/support/servers.ts'
import { openStore, testClock } from './support.ts'

interface Place {
  readonly title: string
  /** The database of an application, empty, and its URL. */
  create(root: string): Promise<{ driver: Driver; url: string }>
}

const places: Place[] = [
  {
    title: 'SQLite',
    create: async (root) => {
      const url = `sqlite:${path.join(root, 'library.sqlite')}`
      return { driver: fromUrl(url), url }
    },
  },
]
for (const server of [POSTGRES, MARIADB]) {
  if (await isThere(server)) places.push({ title: server.title, create: () => onServer(server) })
}

async function onServer(server: Server) {
  const database = await emptyDatabase(server)
  const url = new URL(server.url)
  url.pathname = `/${database}`
  return { driver: server.driver({ database, pool: { max: 2, acquireTimeout: 5_000 } }), url: url.href }
}

/** An application whose cache is in its database, and which takes two connections at most for its units of work. */
async function openLibrary({ create }: Place) {
  const root = tempFolder()
  const { driver, url } = await create(root)
  const clock = testClock()
  const providers = [(app: Application) => new DatabaseServiceProvider(app)]
  const config = {
    app: { name: 'library', models: [Shelf, Item], providers: [] },
    database: { default: 'main', connections: { main: driver } },
  }
  const { app, store } = await openStore(databaseStore(), { root, config, providers, clock })
  await app.ready(['db'])
  const connection = app.make('db.connection')
  /** Where the rows of the cache are. */
  const cached = url.startsWith('sqlite:') ? fromUrl(url.replace(/\.sqlite$/, '.cache.sqlite')) : driver
  const rows = async (sql: string) => {
    const eyes = await bootLibrary({ driver: cached, models: [] })
    await eyes.app.ready(['db'])
    try {
      return await eyes.app.make('db.connection').execute(sql)
    } finally {
      await eyes.app.stop()
    }
  }
  return { app, store, root, driver, url, clock, connection, rows }
}

const again = ({ root, url }: { root: string; url: string }, prefix = 'library') =>
  openStore(databaseStore({ url }), { root, prefix })

async function inProcess(url: string, times: number): Promise<string> {
  const hooks = pathToFileURL(path.resolve('bin/typescript-hooks.js')).href
  const script = pathToFileURL(path.resolve('test/cache/stores/count-in-database.ts')).href
  const code = `
    const { registerTypeScript } = await import('${hooks}')
    registerTypeScript({ conditions: ['limber:source'] })
    await import('${script}')`
  const argv = ['--input-type=module', '-e', code, url, String(times)]
  return (await promisify(execFile)(process.execPath, argv)).stdout
}

describe.each(places)('a cache in a database of $title', (place) => {
  test('is kept when the unit of work around it is rolled back, and waits for none', async () => {
    const { app, store, connection } = await openLibrary(place)
    await connection.schema.create()
    const failed = app.scope(async () => {
      const session = app.make('db.session')
      session.create(Shelf, { name: 'first' })
      await session.flush()
      await store.set('cache:a', 'x')
      await store.increment('limit:a', 1)
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')
    expect((await store.get(['cache:a', 'limit:a'])).map((entry) => entry?.text)).toEqual(['x', '1'])
    expect(await connection.execute('select * from shelf')).toEqual([])
  })

  test('answers units of work that hold every connection of the application', async () => {
    const { app, store, connection } = await openLibrary(place)
    await connection.schema.create()
    const isAlone = place.title === 'SQLite'
    let arrived = 0
    const all = Promise.withResolvers<void>()
    const works = Array.from({ length: isAlone ? 1 : 2 }, (_, index) =>
      app.scope(async () => {
        const session = app.make('db.session')
        session.create(Shelf, { name: `shelf ${index}` })
        await session.flush()
        if (++arrived === works.length) all.resolve()
        await all.promise
        await Promise.all(Array.from({ length: 20 }, () => store.increment('limit:a', 1)))
      }),
    )
    await Promise.all(works)
    expect((await store.get(['limit:a']))[0]?.text).toBe(String(works.length * 20))
  })

  test('counts exactly for two processes at once', async () => {
    const { url, store, root } = await openLibrary(place)
    const times = process.env.LIMBER_TEST_DEEP ? 500 : 50
    expect(await Promise.all([inProcess(url, times), inProcess(url, times)])).toEqual(['done', 'done'])
    expect((await store.get(['limit:a']))[0]?.text).toBe(String(2 * times))
    if (place.title === 'SQLite') expect(existsSync(path.join(root, 'library.cache.sqlite'))).toBe(true)
  })

  test('makes its table once, when many use it first', async () => {
    const library = await openLibrary(place)
    const stores = await Promise.all(Array.from({ length: 16 }, () => again(library)))
    await Promise.all(stores.map(({ store }) => store.increment('limit:a', 1)))
    expect((await library.store.get(['limit:a']))[0]?.text).toBe('16')
  })

  test('does not grow with what is over', async () => {
    const { store, clock, rows } = await openLibrary(place)
    for (let index = 0; index < 250; index++) await store.set(`cache:${index}`, 'x', 1_000)
    await store.set('cache:for ever', 'x')
    clock.time += 1_000
    await Promise.all(Array.from({ length: 100 }, () => store.set('cache:kept', 'x', 1_000)))
    const [row] = await rows('select count(*) as n from limber_cache')
    expect(Number(row?.n)).toBe(2)
  })

  test('is seen by no migration, and goes on after db fresh', async () => {
    const { root, driver, store } = await openLibrary(place)
    write(root, {})
    const test = await commandsIn({ root, driver, models: [Shelf] })
    await succeed(test, 'db', 'init')
    await store.set('cache:a', 'x')
    expect(await succeed(test, 'db', 'check')).toBe('Models, migrations and database are in order.\n')
    const made = await succeed(test, 'db', 'makemigrations', '--message', 'anything', '--json')
    expect(JSON.parse(made)).toMatchObject({ up: [] })
    await succeed(test, 'db', 'verify')
    await succeed(test, 'db', 'fresh', '--force')
    await store.set('cache:b', 'y')
    expect((await store.get(['cache:b']))[0]?.text).toBe('y')
    expect(await succeed(test, 'db', 'check')).toBe('Models, migrations and database are in order.\n')
  })
})

test('a server that is away is an error when the cache is used, not when the application starts', async () => {
  for (const scheme of ['postgres', 'mysql']) {
    const { app, store } = await openStore(databaseStore({ url: `${scheme}://ada:s3cret@127.0.0.1:1/app` }))
    const error = await store.get(['cache:a']).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'LIMBER_DATABASE_UNAVAILABLE', kind: 'unavailable' })
    expect(String(error)).not.toContain('s3cret')
    await expect(store.ping()).rejects.toMatchObject({ code: 'LIMBER_DATABASE_UNAVAILABLE' })
    await app.stop()
  }
})

test('what the configuration lacks is said when the application starts', async () => {
  const main = fromUrl('sqlite::memory:')
  const config = { database: { default: 'main', connections: { main } } }
  await expect(openStore(databaseStore({ connection: 'mian' }), { config })).rejects.toMatchObject({
    code: 'LIMBER_CONNECTION_NOT_FOUND',
    hint: 'Did you mean "main"?',
  })
  await expect(openStore(databaseStore())).rejects.toMatchObject({ code: 'LIMBER_DATABASE_CONFIG_MISSING' })
  const { store } = await openStore(databaseStore({ url: 'null:' }))
  await expect(store.set('cache:a', 'x')).rejects.toMatchObject({ code: 'LIMBER_DATABASE_OFF' })
})

test('a namespace is cleared as long as its name can be told from its keys', async () => {
  const { store } = await openStore(databaseStore({ url: 'sqlite::memory:' }))
  const longest = 'n'.repeat(1_024 - 32 - 'library::'.length)
  await store.set(`${longest}:${'k'.repeat(5_000)}`, 'x')
  await store.set(`${longest}:`, 'x')
  await store.clear(longest)
  expect(await store.get([`${longest}:${'k'.repeat(5_000)}`, `${longest}:`])).toEqual([undefined, undefined])
  await expect(store.clear(`${longest}n`)).rejects.toMatchObject({ code: 'LIMBER_NAMESPACE_TOO_LONG' })
})

test('the cache of a test is in an empty database of its own', async () => {
  const root = tempFolder()
  const config = {
    database: {
      default: 'main',
      connections: { main: fromUrl(`sqlite:${path.join(root, 'library.sqlite')}`) },
      scratch: true,
    },
  }
  const { store } = await openStore(databaseStore(), { root, config })
  await store.set('cache:a', 'x')
  expect((await store.get(['cache:a']))[0]?.text).toBe('x')
  expect(existsSync(path.join(root, 'library.cache.sqlite'))).toBe(false)
})
