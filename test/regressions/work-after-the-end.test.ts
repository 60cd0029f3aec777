import { setImmediate as turn } from 'node:timers/promises'
import { allowRepeatedQueries, type Driver, fromUrl } from 'limber/database'
import { describe, expect, test } from 'vitest'
import { Shelf } from '../database/fixtures/warehouse.ts'
import { bootLibrary } from '../database/support/library-application.ts'
import { emptyDatabase, isThere, MARIADB, POSTGRES } from '../database/support/servers.ts'

const databases: [string, () => Promise<Driver>][] = [
  ['SQLite', async () => fromUrl('sqlite:library.sqlite')],
]
for (const server of [POSTGRES, MARIADB]) {
  if (!(await isThere(server))) continue
  databases.push([server.title, async () => server.driver({ database: await emptyDatabase(server) })])
}

const INSERT = 'insert into shelf (name, count, version) values (?, 0, 1)'

describe.each(databases)('%s', (_, create) => {
  async function open() {
    const { app } = await bootLibrary({ driver: await create(), models: [Shelf] })
    await app.ready(['db'])
    const connection = app.make('db.connection')
    await connection.schema.create()
    await connection.execute(INSERT, ['first'])
    const names = async () =>
      (await connection.execute('select name from shelf order by name')).map((row) => row.name)
    return { app, names }
  }

  test('what runs beside a failure is undone with it, whenever it comes', async () => {
    const { app, names } = await open()
    for (let turns = 0; turns < 12; turns++) {
      const scope = app.scope(async () => {
        allowRepeatedQueries()
        const session = app.make('db.session')
        await session.execute('update shelf set count = 5')
        const late = Array.from({ length: 6 }, async (__, number) => {
          for (let i = 0; i < number; i++) await turn()
          await session.execute(INSERT, [`late ${number}`])
        })
        for (const work of late) work.catch(() => undefined)
        for (let i = 0; i < turns; i++) await turn()
        throw new Error('no')
      })
      await expect(scope).rejects.toThrow('no')
      expect(await names()).toEqual(['first'])
    }
    await app.scope(() => void app.make('db.session').create(Shelf, { name: 'next' }))
    expect(await names()).toEqual(['first', 'next'])
  })

  test('a session that is closed neither begins, commits nor rolls back', async () => {
    const { app } = await open()
    const own = app.make('db').openSession()
    await own.begin()
    await own.close()
    const ofScope = await app.scope(() => ({ session: app.make('db.session') }))
    for (const session of [own, ofScope.session]) {
      const code = 'LIMBER_SESSION_CLOSED'
      await expect(session.begin()).rejects.toMatchObject({ code })
      await expect(session.commit()).rejects.toMatchObject({ code })
      await expect(session.rollback()).rejects.toMatchObject({ code })
      await session.close()
    }
  })

  test('a scope never succeeds without keeping what it was told is kept', async () => {
    const { app, names } = await open()
    const scope = app.scope(async () => {
      const session = app.make('db.session')
      await session.execute(INSERT, ['kept'])
      await session.execute('insert into nowhere (name) values (1)').catch(() => undefined)
    })
    const isKept = await scope.then(
      () => true,
      () => false,
    )
    expect(await names()).toEqual(isKept ? ['first', 'kept'] : ['first'])
    await app.scope(() => void app.make('db.session').create(Shelf, { name: 'next' }))
    expect(await names()).toContain('next')
  })

  test('a transaction that nobody awaits ends with its scope, and blocks nobody', async () => {
    const { app, names } = await open()
    const scope = app.scope(() => {
      const work = app.make('db').transaction((session) => session.execute(INSERT, ['forgotten']))
      work.catch(() => undefined)
    })
    const isKept = await scope.then(
      () => true,
      () => false,
    )
    await app.scope(() => void app.make('db.session').create(Shelf, { name: 'next' }))
    expect(await names()).toEqual(isKept ? ['first', 'forgotten', 'next'] : ['first', 'next'])
  })

  test.each(['commit', 'rollback', 'begin'] as const)(
    '%s() is refused inside of a transaction',
    async (method) => {
      const { app, names } = await open()
      const scope = app.scope(() =>
        app.make('db').transaction(async (session) => {
          await session.execute(INSERT, ['a'])
          await session[method]()
        }),
      )
      await expect(scope).rejects.toMatchObject({ code: 'LIMBER_OVERLAPPING_WORK' })
      await app.scope(() => void app.make('db.session').create(Shelf, { name: 'next' }))
      expect(await names()).toEqual(['first', 'next'])
    },
  )
})
