import type { Driver, Session } from 'limber/database'
import { allowRepeatedQueries } from 'limber/database'
import { describe, expect, it } from 'vitest'
import { Shelf } from '../fixtures/warehouse.ts'
import { bootLibrary } from '../support/library-application.ts'
import { emptyDatabase, isThere, MARIADB, POSTGRES, type Server } from '../support/servers.ts'

/** Fills a database with one row that says which one it is. */
async function filled(driver: Driver, name: string): Promise<void> {
  const { app } = await bootLibrary({ driver, models: [Shelf] })
  await app.ready(['db'])
  await app.make('db.connection').schema.create()
  await app.make('db.connection').execute('insert into shelf (name, count, version) values (?, 0, 1)', [name])
  await app.stop()
}

/** An application whose replica never gets what is written to the primary. */
async function openPair(server: Server) {
  const [primary, replica] = [await emptyDatabase(server), await emptyDatabase(server)]
  await filled(server.driver({ database: primary }), 'primary')
  await filled(server.driver({ database: replica }), 'replica')
  const driver = server.driver({ database: primary, replicas: [{ database: replica }] })
  const { app } = await bootLibrary({ driver, models: [Shelf] })
  await app.ready(['db'])
  return app
}

/** Which server answers each kind of read. */
async function answers(session: Session): Promise<string[]> {
  const [found] = await session.find(Shelf, {}, { orderBy: { id: 'asc' }, refresh: true })
  const [built] = await session.createQueryBuilder(Shelf).select('*').orderBy({ id: 'asc' }).execute('all')
  const [raw] = await session.execute<{ name: string }[]>('select name from shelf order by id')
  const count = await session.count(Shelf, { name: 'replica' })
  return [found?.name ?? '', built?.name ?? '', raw?.name ?? '', count > 0 ? 'replica' : 'primary']
}

const all = (name: string) => Array(4).fill(name)

for (const server of [POSTGRES, MARIADB]) {
  if (!(await isThere(server))) continue

  describe(`${server.title}: a replica`, () => {
    it('answers the reads of a scope that has not written', async () => {
      const app = await openPair(server)
      expect(await app.scope(() => answers(app.make('db.session')))).toEqual(all('replica'))
    })

    it('answers none after a write in the same scope, also not after its commit', async () => {
      const app = await openPair(server)
      await app.scope(async (scope) => {
        allowRepeatedQueries()
        const session = app.make('db.session')
        expect(await answers(session)).toEqual(all('replica'))
        const prepared = session.createQueryBuilder(Shelf).select('*').orderBy({ id: 'asc' })
        await session.execute('update shelf set count = count + 1')
        session.clear()
        expect(await answers(session)).toEqual(all('primary'))
        expect((await prepared.execute('all'))[0]?.name).toBe('primary')
        await scope.commit()
        expect(session.isInTransaction()).toBe(false)
        expect(await answers(session)).toEqual(all('primary'))
      })
      expect(await app.scope(() => answers(app.make('db.session')))).toEqual(all('replica'))
    })

    it('answers none after a unit of work inside has written', async () => {
      const app = await openPair(server)
      await app.scope(async () => {
        allowRepeatedQueries()
        const session = app.make('db.session')
        expect(await answers(session)).toEqual(all('replica'))
        await app.make('db').parallel([(own) => own.execute('update shelf set count = count + 1')])
        session.clear()
        expect(await answers(session)).toEqual(all('primary'))
      })
    })

    it('answers none after the flush of a session that its maker owns', async () => {
      const app = await openPair(server)
      const session = app.make('db').openSession()
      expect(await answers(session)).toEqual(all('replica'))
      session.create(Shelf, { name: 'third' })
      await session.flush()
      session.clear()
      expect(await answers(session)).toEqual(all('primary'))
    })

    it('is not asked for rows that are to be locked, nor by a transaction', async () => {
      const app = await openPair(server)
      const locked = await app.scope(() =>
        app.make('db.session').execute<{ name: string }[]>('select name from shelf for update'),
      )
      expect(locked[0]?.name).toBe('primary')
      const inside = await app.scope(() => app.make('db.session').transactional((em) => answers(em)))
      expect(inside).toEqual(all('primary'))
    })

    it('does not matter to the connection itself: health, plain SQL and migrations use the primary', async () => {
      const app = await openPair(server)
      const [row] = await app.make('db.connection').execute('select name from shelf')
      expect(row).toEqual({ name: 'primary' })
    })
  })
}
