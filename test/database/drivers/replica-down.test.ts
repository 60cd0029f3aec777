import { type HttpContext, HttpServiceProvider } from 'limber/http'
import { describe, expect, it } from 'vitest'
import { tcpProxy } from '../../support/tcp-proxy.ts'
import { Shelf } from '../fixtures/warehouse.ts'
import { bootLibrary } from '../support/library-application.ts'
import { isThere, MARIADB, ownDatabase, POSTGRES, type Server } from '../support/servers.ts'

/** An application with one replica, which is the same database by a way that can be cut. */
async function open(server: Server, pool = {}) {
  const { hostname, port } = new URL(server.url)
  const proxy = await tcpProxy(hostname, Number(port))
  const database = await ownDatabase(server)
  const replicas = [{ port: proxy.port }]
  const driver = server.driver({ database, connectTimeout: 500, replicas, pool })
  const { app } = await bootLibrary({ driver, models: [Shelf], providers: [HttpServiceProvider] })
  await app.ready(['db'])
  const connection = app.make('db.connection')
  await connection.schema.create()
  await connection.execute("insert into shelf (name, count, version) values ('first', 0, 1)")
  const read = {
    find: () => app.scope(() => app.make('db.session').findAll(Shelf)),
    count: () => app.scope(() => app.make('db.session').count(Shelf)),
    sql: () => app.scope(() => app.make('db.session').execute('select name from shelf')),
    builder: () => app.scope(() => app.make('db.session').createQueryBuilder(Shelf).select('*').execute()),
    stream: () =>
      app.scope(async () => {
        const names: string[] = []
        for await (const { name } of app.make('db.session').stream(Shelf)) names.push(name)
        return names
      }),
  }
  return { app, connection, proxy, read }
}

for (const server of [POSTGRES, MARIADB]) {
  if (!(await isThere(server))) continue

  describe(`${server.title}: a replica that is down`, () => {
    it.each(['find', 'count', 'sql', 'builder', 'stream'] as const)(
      'fails a read by %s within bounded time, and is named; it is asked again when it is back',
      async (way) => {
        const { proxy, read } = await open(server)
        await read[way]()
        await proxy.cut()
        const start = performance.now()
        const error: unknown = await read[way]().catch((reason: unknown) => reason)
        expect(error).toMatchObject({
          code: 'LIMBER_DATABASE_UNAVAILABLE',
          message: expect.stringContaining(`@127.0.0.1:${proxy.port}/`),
          hint: expect.stringContaining('replica'),
        })
        expect(performance.now() - start).toBeLessThan(2_000)
        await proxy.restore()
        await read[way]()
      },
    )

    it('that hangs is named as well, within the time it has to accept a connection', async () => {
      const { proxy, read } = await open(server)
      proxy.freeze()
      const start = performance.now()
      await expect(read.find()).rejects.toMatchObject({ message: expect.stringContaining(`:${proxy.port}/`) })
      expect(performance.now() - start).toBeLessThan(2_000)
    })

    it('whose pool is used up is named, too', async () => {
      const { app, proxy, read } = await open(server, { max: 1, acquireTimeout: 200 })
      await app.scope(async () => {
        for await (const _ of app.make('db.session').stream(Shelf)) {
          await expect(read.find()).rejects.toMatchObject({
            code: 'LIMBER_POOL_TIMEOUT',
            message: expect.stringContaining(`:${proxy.port}/`),
          })
        }
      })
    })

    it('does not matter to writes, to scopes that have written, to transactions, and to the health of the primary', async () => {
      const { app, connection, proxy } = await open(server)
      await proxy.cut()
      await app.scope(async () => {
        const session = app.make('db.session')
        session.create(Shelf, { name: 'second' })
        await session.flush()
        expect(await session.count(Shelf)).toBe(2)
        expect(await session.execute('select name from shelf')).toHaveLength(2)
      })
      expect(await app.make('db').transaction((session) => session.count(Shelf))).toBe(2)
      expect(await connection.execute('select name from shelf')).toHaveLength(2)
      await app.make('db.health').check()
    })

    it('is a 503 for a request that only reads', async () => {
      const { app, proxy } = await open(server)
      app.make('router').get('/shelves', ({ app }: HttpContext) => app.make('db.session').findAll(Shelf))
      await proxy.cut()
      const reply = await app.make('http').inject('/shelves')
      expect([reply.statusCode, reply.json().code]).toEqual([503, 'LIMBER_DATABASE_UNAVAILABLE'])
      expect(reply.body).not.toContain('127.0.0.1')
    })
  })
}
