/** A server that is really stopped, killed and started again, under an application that stays as it is. */
import type { HttpContext } from 'limber/http'
import { HttpServiceProvider } from 'limber/http'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { MARIADB_PROGRAMS, privateMariaDb } from '../../support/private-mariadb.ts'
import { POSTGRES_PROGRAMS, privatePostgres } from '../../support/private-postgres.ts'
import type { PrivateServer } from '../../support/private-server.ts'
import { areInstalled } from '../../support/server-process.ts'
import { Shelf } from '../fixtures/warehouse.ts'
import { bootLibrary } from '../support/library-application.ts'
import { ownDatabase, serverOf } from '../support/servers.ts'

const unavailable = { code: 'LIMBER_DATABASE_UNAVAILABLE', kind: 'unavailable' }
const PROBLEM = 'application/problem+json'
const WIDTH = 4

async function open(server: PrivateServer) {
  const database = await ownDatabase(serverOf(server))
  // A test that has failed leaves a server behind as well that the next one can use.
  onTestFinished(() => server.process.start())
  const driver = serverOf(server).driver({
    database,
    connectTimeout: 1_000,
    pool: { max: WIDTH },
  })
  const { app } = await bootLibrary({ driver, models: [Shelf], providers: [HttpServiceProvider] })
  await app.ready(['db'])
  const connection = app.make('db.connection')
  await connection.schema.create()
  await connection.execute("insert into shelf (name, count, version) values ('first', 0, 1)")
  const names = () =>
    app.scope(async () => {
      const shelves = await app.make('db.session').find(Shelf, {}, { orderBy: { id: 'asc' } })
      return shelves.map(({ name }) => name)
    })
  const add = (name: string) => app.scope(() => void app.make('db.session').create(Shelf, { name }))
  app.make('router').get('/shelves', async ({ app }: HttpContext) => app.make('db.session').findAll(Shelf))
  app.make('router').post('/shelves', async ({ app }: HttpContext) => {
    await app.make('db.session').insert(Shelf, { name: 'posted' })
    return { saved: true }
  })
  return { app, connection, names, add }
}

const KINDS = [
  {
    title: 'PostgreSQL',
    programs: POSTGRES_PROGRAMS,
    make: privatePostgres,
    nap: 'select pg_sleep(20)',
    numbers: 'generate_series(2, 100000) as n',
  },
  {
    title: 'MariaDB',
    programs: MARIADB_PROGRAMS,
    make: privateMariaDb,
    nap: 'select sleep(20)',
    numbers: '(select seq as n from seq_2_to_100000) as numbers',
  },
]

for (const { title, programs, make, nap, numbers } of KINDS) {
  if (!areInstalled(...programs)) continue

  describe(`${title} that stops`, () => {
    let server: PrivateServer
    beforeAll(async () => {
      server = await make()
    })
    afterAll(() => server?.remove())

    it.each(['stop', 'kill'] as const)(
      'by %s is a named error within bounded time, over HTTP a 503, and works again when it is back',
      async (way) => {
        const { app, connection, names, add } = await open(server)
        await server.process[way]()
        const start = performance.now()
        const error = await names().catch((reason: unknown) => reason)
        expect(error).toMatchObject(unavailable)
        expect(String(error)).toContain(`ada@127.0.0.1:${server.port}`)
        await expect(add('lost')).rejects.toMatchObject(unavailable)
        await expect(app.make('db.health').check()).rejects.toMatchObject(unavailable)
        for (const method of ['GET', 'POST'] as const) {
          const reply = await app.make('http').inject({ method, url: '/shelves' })
          expect([reply.statusCode, reply.headers['content-type']]).toEqual([503, PROBLEM])
          expect(reply.json()).toMatchObject({ status: 503, code: 'LIMBER_DATABASE_UNAVAILABLE' })
          expect(reply.body).not.toMatch(/s3cret|127\.0\.0\.1/)
        }
        expect(performance.now() - start).toBeLessThan(5_000)
        expect(connection.pool).toEqual({ inUse: 0, waiting: 0 })
        await server.process.start()
        await add('second')
        expect(await names()).toEqual(['first', 'second'])
      },
    )

    it('and starts again between two units of work leaves no dead connection in the pool', async () => {
      const { app, connection, names } = await open(server)
      const together = (n: number) => Promise.all(Array.from({ length: n }, names))
      await together(WIDTH)
      await server.process.stop()
      await server.process.start()
      expect(await together(3 * WIDTH)).toEqual(Array(3 * WIDTH).fill(['first']))
      await app.make('db.health').check()
      expect(connection.pool).toEqual({ inUse: 0, waiting: 0 })
    })

    it('while rows are streamed fails the stream: what has come is not taken for all', async () => {
      const { app, connection } = await open(server)
      await connection.execute(
        `insert into shelf (name, count, version, note) select concat('shelf ', n), 0, 1, repeat('x', 200) from ${numbers}`,
      )
      let rows = 0
      const streaming = app.scope(async () => {
        for await (const _ of app.make('db.session').stream(Shelf))
          if (++rows === 1) await server.process.kill()
      })
      await expect(streaming).rejects.toMatchObject(unavailable)
      expect(rows).toBeLessThan(100_000)
      expect(connection.pool).toEqual({ inUse: 0, waiting: 0 })
      await server.process.start()
      expect(await app.scope(() => app.make('db.session').count(Shelf))).toBe(100_000)
    })

    it.each(['before more is written', 'during a statement', 'between the flush and the commit'])(
      'in a transaction, %s, undoes it in memory and in the rows',
      async (moment) => {
        const { app, connection } = await open(server)
        const seen: Shelf[] = []
        const start = performance.now()
        const broken = app.scope(async () => {
          const session = app.make('db.session')
          const first = await session.findOneOrFail(Shelf, 1)
          first.count = 7
          const lost = session.create(Shelf, { name: 'lost' })
          await session.flush()
          seen.push(first, lost)
          if (moment === 'during a statement') {
            const napping = session.execute(nap)
            await Promise.all([expect(napping).rejects.toMatchObject(unavailable), server.process.kill()])
            return
          }
          await server.process.kill()
          if (moment === 'before more is written') session.create(Shelf, { name: 'more' })
        })
        await expect(broken).rejects.toMatchObject(unavailable)
        expect(performance.now() - start).toBeLessThan(10_000)
        expect(seen.map(({ id }) => id)).toEqual([1, undefined])
        expect(connection.pool).toEqual({ inUse: 0, waiting: 0 })
        await server.process.start()
        const rows = () => connection.execute('select name, count from shelf order by id')
        expect(await rows()).toEqual([{ name: 'first', count: 0 }])
        // What was created is new again, and what was changed is no change any more.
        await app.scope(() => void app.make('db.session').persist(seen))
        expect(await rows()).toEqual([
          { name: 'first', count: 0 },
          { name: 'lost', count: 0 },
        ])
      },
    )
  })
}
