import { inspect } from 'node:util'
import { IsolationLevel } from '@mikro-orm/core'
import { printError } from 'limber'
import type { Driver } from 'limber/database'
import { describe, expect, it } from 'vitest'
import { tcpProxy } from '../../support/tcp-proxy.ts'
import { Shelf } from '../fixtures/warehouse.ts'
import { bootLibrary } from '../support/library-application.ts'
import { administer, emptyDatabase, isThere, MARIADB, POSTGRES, type Server } from '../support/servers.ts'

const unavailable = { code: 'LIMBER_DATABASE_UNAVAILABLE', kind: 'unavailable' }

async function open(driver: Driver) {
  const { app } = await bootLibrary({ driver, models: [Shelf] })
  await app.ready(['db'])
  const connection = app.make('db.connection')
  await connection.schema.create()
  await connection.execute("insert into shelf (name, count, version) values ('first', 0, 1)")
  const names = () =>
    app.scope(async () => (await app.make('db.session').findAll(Shelf)).map(({ name }) => name))
  const rename = () =>
    app.scope(async () => {
      const shelf = await app.make('db.session').findOneOrFail(Shelf, 1)
      shelf.name = 'second'
    })
  return { app, connection, names, rename }
}

async function throughProxy(server: Server) {
  const { hostname, port } = new URL(server.url)
  const proxy = await tcpProxy(hostname, Number(port))
  const database = await emptyDatabase(server)
  const driver = server.driver({ database, port: proxy.port, connectTimeout: 500, pool: { max: 2 } })
  return { proxy, ...(await open(driver)) }
}

const killing: Record<string, (server: Server, id: unknown) => Promise<void>> = {
  PostgreSQL: (server, id) => administer(server, `select pg_terminate_backend(${id})`),
  MariaDB: (server, id) => administer(server, `kill ${id}`),
}
const ownId: Record<string, string> = {
  PostgreSQL: 'select pg_backend_pid() as id',
  MariaDB: 'select connection_id() as id',
}

for (const server of [POSTGRES, MARIADB]) {
  if (!(await isThere(server))) continue

  describe(`${server.title} that goes away`, () => {
    it('is a named error for reads and writes, and works again when it is back', async () => {
      const { proxy, app, connection, names, rename } = await throughProxy(server)
      await proxy.cut()
      const start = performance.now()
      await expect(names()).rejects.toMatchObject(unavailable)
      await expect(rename()).rejects.toMatchObject(unavailable)
      await expect(connection.ping()).rejects.toMatchObject(unavailable)
      await expect(connection.execute('select 1')).rejects.toMatchObject(unavailable)
      await expect(app.make('db.health').check()).rejects.toMatchObject(unavailable)
      expect(performance.now() - start).toBeLessThan(3_000)
      expect(connection.pool).toEqual({ inUse: 0, waiting: 0 })
      await proxy.restore()
      await rename()
      expect(await names()).toEqual(['second'])
      expect(connection.pool).toEqual({ inUse: 0, waiting: 0 })
    })

    it('is a named error in bounded time also when it accepts connections and says nothing', async () => {
      const { proxy, names } = await throughProxy(server)
      proxy.freeze()
      const start = performance.now()
      // The first one may still meet the connection that was open before.
      for (let time = 0; time < 3; time++) await expect(names()).rejects.toMatchObject(unavailable)
      expect(performance.now() - start).toBeLessThan(5_000)
      await proxy.restore()
      expect(await names()).toEqual(['first'])
    })

    it.each(['in the middle', 'before the commit'])(
      'undoes a transaction whose connection is killed %s, and gives the connection back',
      async (moment) => {
        const driver = server.driver({ database: await emptyDatabase(server), pool: { max: 2 } })
        const { app, connection, names, rename } = await open(driver)
        for (let time = 0; time < 3; time++) {
          const broken = app.scope(async () => {
            const session = app.make('db.session')
            session.create(Shelf, { name: `lost ${time}` })
            await session.flush()
            const [row] = await session.execute<{ id: unknown }[]>(ownId[server.title] ?? '')
            await killing[server.title]?.(server, row?.id)
            if (moment === 'in the middle') session.create(Shelf, { name: 'more' })
          })
          await expect(broken).rejects.toMatchObject(unavailable)
        }
        expect(connection.pool).toEqual({ inUse: 0, waiting: 0 })
        await rename()
        expect(await names()).toEqual(['second'])
      },
    )
  })

  describe(`${server.title}: the pool`, () => {
    it('that is used up is a named error in bounded time, and the next scope works', async () => {
      const pool = { max: 1, acquireTimeout: 200 }
      const driver = server.driver({ database: await emptyDatabase(server), pool })
      const { app, connection, names, rename } = await open(driver)
      await app.scope(async () => {
        app.make('db.session').create(Shelf, { name: 'holding' })
        await app.make('db.session').flush()
        const start = performance.now()
        await expect(rename()).rejects.toMatchObject({
          code: 'LIMBER_POOL_TIMEOUT',
          kind: 'unavailable',
          message: expect.stringMatching(/within 200 ms; all 1 are in use/),
        })
        expect(performance.now() - start).toBeLessThan(2_000)
        expect(connection.pool).toEqual({ inUse: 1, waiting: 0 })
      })
      await rename()
      expect((await names()).sort()).toEqual(['holding', 'second'])
      expect(connection.pool).toEqual({ inUse: 0, waiting: 0 })
    })

    it('gets back a connection whose transaction could not begin', async () => {
      const pool = { max: 1, acquireTimeout: 500 }
      const driver = server.driver({ database: await emptyDatabase(server), pool })
      const { app, connection, names } = await open(driver)
      for (let time = 0; time < 3; time++) {
        const session = app.make('db').openSession()
        // A level that neither server knows: the statement that begins the transaction fails.
        await expect(session.begin({ isolationLevel: IsolationLevel.SNAPSHOT })).rejects.toThrow(/syntax/)
      }
      expect(connection.pool).toEqual({ inUse: 0, waiting: 0 })
      expect(await names()).toEqual(['first'])
    })

    it('is empty after scopes that fail in every way', async () => {
      const driver = server.driver({ database: await emptyDatabase(server), pool: { max: 3 } })
      const { app, connection } = await open(driver)
      const ways = [
        () => app.scope(() => void app.make('db.session').create(Shelf, { name: 'first' })),
        () => app.scope(() => app.make('db.session').execute('this is no SQL')),
        () => app.scope(() => app.make('db.session').execute('select nothing from nowhere')),
        () => connection.execute('this is no SQL'),
        () => connection.exclusive((run) => run('this is no SQL')),
        () =>
          app.scope(() => app.make('db.session').transactional(() => Promise.reject(new Error('regret')))),
      ]
      const results = await Promise.allSettled(
        Array.from({ length: 5 }, () => ways.map((way) => way())).flat(),
      )
      expect(results.filter(({ status }) => status === 'fulfilled')).toEqual([])
      expect(connection.pool).toEqual({ inUse: 0, waiting: 0 })
    })
  })

  describe(`${server.title}: transactions that get in each other's way`, () => {
    it('are a conflict that says so', async () => {
      const driver = server.driver({ database: await emptyDatabase(server) })
      const { app, connection } = await open(driver)
      await connection.execute("insert into shelf (name, count, version) values ('next', 0, 1)")
      const first = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const
      const lock = (mine: 0 | 1) =>
        app.scope(async () => {
          const session = app.make('db.session')
          await session.execute('update shelf set count = count + 1 where id = ?', [mine + 1])
          first[mine].resolve()
          await first[1 - mine]?.promise
          await session.execute('update shelf set count = count + 1 where id = ?', [2 - mine])
        })
      const results = await Promise.allSettled([lock(0), lock(1)])
      const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
      expect(reasons).toEqual([
        expect.objectContaining({ code: 'LIMBER_TRANSACTION_CONFLICT', kind: 'conflict' }),
      ])
      expect(connection.pool).toEqual({ inUse: 0, waiting: 0 })
    })
  })

  describe(`${server.title}: a database that does not exist`, () => {
    it('is unavailable, is not created, and its error shows no password', async () => {
      const password = 's3cr@t:/%?# ü'
      const driver = server.driver({ database: 'limber_no_such_database', connectTimeout: 500, password })
      const { app } = await bootLibrary({ driver, models: [] })
      await app.ready(['db'])
      for (let time = 0; time < 2; time++) {
        const error = await app
          .make('db.connection')
          .ping()
          .catch((reason: unknown) => reason)
        expect(error).toMatchObject(unavailable)
        expect(`${printError(error)} ${JSON.stringify(error)} ${inspect(error)}`).not.toMatch(/s3cr/)
      }
    })
  })
}
