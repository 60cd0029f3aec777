/** @module What every driver does, on its real database. */
import type { Application } from 'limber'
import type { Driver, Session } from 'limber/database'
import { describe, expect, it } from 'vitest'
import { Item, Shelf } from '../fixtures/warehouse.ts'
import { bootLibrary } from '../support/library-application.ts'
import { describeMigrations } from './migrations-contract.ts'

export interface DriverContract {
  readonly title: string
  /** A driver for a database that is empty, and that is removed when the test ends. */
  create(): Promise<Driver>
  /** The largest whole number that comes back as it was; SQLite gives numbers of JavaScript. */
  readonly largest: bigint
}

async function open({ create }: DriverContract) {
  const driver = await create()
  const { app } = await bootLibrary({ driver, models: [Shelf, Item] })
  await app.ready(['db'])
  const connection = app.make('db.connection')
  await connection.schema.create()
  await connection.execute("insert into shelf (name, count, version) values ('first', 0, 1)")
  return { app, connection, driver }
}

function addItem(session: Session, title: string, more: Partial<Omit<Item, 'id' | 'shelf'>> = {}) {
  const shelf = session.getReference(Shelf, 1, { wrapped: true })
  return session.create(Item, { title, shelf, ...more })
}

const inScope = <T>(app: Application, work: (session: Session) => T | Promise<T>) =>
  app.scope(() => work(app.make('db.session')))

const MANY = 50

export function describeDriver(contract: DriverContract): void {
  describe(`${contract.title}: the connection`, () => {
    it('opens with the first query, answers, and closes once', async () => {
      const { app, connection } = await open(contract)
      await connection.ping()
      await app.make('db.health').check()
      await connection.close()
      await connection.close()
    })

    it('runs SQL with parameters, whatever is in them', async () => {
      const { connection } = await open(contract)
      const texts = ["it's", 'a "b" `c`', 'back\\slash', 'ünï 🦩 日本', 'que?stion', ':name', '%_', 'a\nb']
      for (const text of texts) {
        await connection.execute('update shelf set name = ? where id = ?', [text, 1])
        expect(await connection.execute('select name from shelf where name = ?', [text])).toEqual([
          { name: text },
        ])
      }
    })

    it('keeps several statements on one connection', async () => {
      const { connection } = await open(contract)
      const count = await connection.exclusive(async (run) => {
        await run('begin')
        await run("insert into shelf (name, count, version) values ('mine', 0, 1)")
        await run('rollback')
        return run('select count(*) as n from shelf')
      })
      expect(Number(count[0]?.n)).toBe(1)
    })

    it('is named without its password', async () => {
      const { driver } = await open(contract)
      expect(driver.label).toMatch(/^\w+:/)
      expect(driver.label).not.toMatch(/:[^/@]+@/)
    })
  })

  describe(`${contract.title}: a unit of work`, () => {
    it('commits what succeeds and undoes what fails', async () => {
      const { app, connection } = await open(contract)
      await inScope(app, (session) => void addItem(session, 'kept'))
      const failing = inScope(app, async (session) => {
        addItem(session, 'lost')
        await session.flush()
        throw new Error('regret')
      })
      await expect(failing).rejects.toThrow('regret')
      expect(await connection.execute('select title from item')).toEqual([{ title: 'kept' }])
    })

    it('is not seen by others before its end', async () => {
      const { app } = await open(contract)
      await inScope(app, async (session) => {
        addItem(session, 'hidden')
        await session.flush()
        expect(await session.count(Item)).toBe(1)
        if (contract.title !== 'SQLite in memory')
          expect(await inScope(app, (other) => other.count(Item))).toBe(0)
      })
      expect(await inScope(app, (session) => session.count(Item))).toBe(1)
    })

    it('goes on after a savepoint that was undone', async () => {
      const { app, connection } = await open(contract)
      await inScope(app, async (session) => {
        addItem(session, 'outer')
        await session.flush()
        const inner = session.transactional(async (em) => {
          addItem(em, 'inner')
          await em.flush()
          throw new Error('only this')
        })
        await expect(inner).rejects.toThrow('only this')
      })
      expect(await connection.execute('select title from item')).toEqual([{ title: 'outer' }])
    })

    it('tells taken values, missing rows and stale versions apart', async () => {
      const { app } = await open(contract)
      await expect(
        inScope(app, (session) => void session.create(Shelf, { name: 'first', count: 0 })),
      ).rejects.toMatchObject({ code: 'LIMBER_UNIQUE_VIOLATION', kind: 'conflict' })
      const orphan = inScope(app, (session) => {
        const shelf = session.getReference(Shelf, 99, { wrapped: true })
        session.create(Item, { title: 'x', shelf })
      })
      await expect(orphan).rejects.toMatchObject({ code: 'LIMBER_CONSTRAINT_VIOLATION', kind: 'conflict' })
      const stale = inScope(app, async (session) => {
        const shelf = await session.findOneOrFail(Shelf, 1)
        if (contract.title === 'SQLite in memory') await session.execute('update shelf set version = 2')
        else
          await inScope(app, async (other) =>
            Object.assign(await other.findOneOrFail(Shelf, 1), { count: 7 }),
          )
        shelf.count = 8
      })
      await expect(stale).rejects.toMatchObject({ code: 'LIMBER_STALE_MODEL', kind: 'conflict' })
    })
  })

  describe(`${contract.title}: values`, () => {
    it('come back as they were: unicode, big numbers, JSON, booleans, dates to the millisecond', async () => {
      const { app } = await open(contract)
      const values = {
        title: 'Zoë 🦩 “日本” \u{1F468}\u{200D}\u{1F469}',
        serial: contract.largest,
        details: { tags: ['a', 'ü'], nested: { n: 1.5, none: null } },
        isFragile: true,
        arrivedAt: new Date('2026-03-29T01:30:00.123Z'),
      }
      await inScope(app, (session) => void addItem(session, values.title, values))
      const item = await inScope(app, (session) => session.findOneOrFail(Item, { title: values.title }))
      expect(item).toMatchObject(values)
      const found = (where: object) => inScope(app, (session) => session.count(Item, where))
      expect(await found({ arrivedAt: values.arrivedAt, serial: values.serial, isFragile: true })).toBe(1)
    })

    it('are not written again by a flush that changes nothing', async () => {
      const { app } = await open(contract)
      const details = { tags: ['a'] }
      await inScope(
        app,
        (session) => void addItem(session, 'x', { details, arrivedAt: new Date(), serial: 5n }),
      )
      await inScope(app, async (session) => {
        await session.findAll(Item)
        await session.findAll(Shelf)
        session.getUnitOfWork().computeChangeSets()
        expect(session.getUnitOfWork().getChangeSets()).toEqual([])
      })
    })
  })

  describe(`${contract.title}: queries`, () => {
    it('trash and restore, with the same stamp in memory and in the row', async () => {
      const { app } = await open(contract)
      await inScope(app, (session) => void addItem(session, 'x'))
      await inScope(app, async (session) => {
        const item = await session.findOneOrFail(Item, 1)
        session.remove(item)
        await session.flush()
      })
      expect(await inScope(app, (session) => session.count(Item))).toBe(0)
      await inScope(app, async (session) => {
        const item = await session.findOneOrFail(Item, 1, { onlyTrashed: true })
        expect(await session.restore(item)).toBe(true)
      })
      expect(await inScope(app, (session) => session.count(Item))).toBe(1)
    })

    it('are built, written and counted in the transaction of the scope', async () => {
      const { app } = await open(contract)
      await inScope(app, async (session) => {
        await session.createQueryBuilder(Shelf).insert({ name: 'built', count: 2, version: 1 }).execute()
        await session.createQueryBuilder(Shelf).update({ count: 3 }).where({ name: 'built' }).execute()
        const rows = await session
          .createQueryBuilder(Shelf, 's')
          .select('*')
          .where({ count: { $gte: 3 } })
          .getResult()
        expect(rows.map((shelf) => shelf.name)).toEqual(['built'])
      })
    })

    it('upsert by what is unique', async () => {
      const { app } = await open(contract)
      await inScope(app, async (session) => {
        await session.upsert(Shelf, { name: 'first', count: 5, version: 1 })
        await session.upsert(Shelf, { name: 'second', count: 6, version: 1 })
      })
      const counts = await inScope(app, async (session) => {
        const shelves = await session.find(Shelf, {}, { orderBy: { id: 'asc' } })
        return shelves.map(({ name, count }) => [name, count])
      })
      expect(counts).toEqual([
        ['first', 5],
        ['second', 6],
      ])
    })
  })

  describe(`${contract.title}: ${MANY} scopes at once`, () => {
    it('lose no update of a versioned row, and leave no connection in use', async () => {
      const { app, connection } = await open(contract)
      const retryable = new Set(['LIMBER_STALE_MODEL', 'LIMBER_TRANSACTION_CONFLICT'])
      const add = async (): Promise<void> => {
        for (let attempt = 1; ; attempt++) {
          try {
            return await inScope(app, async (session) => {
              const shelf = await session.findOneOrFail(Shelf, 1)
              shelf.count++
            })
          } catch (error) {
            const code = error instanceof Error && String(Reflect.get(error, 'code'))
            if (attempt > 200 || !code || !retryable.has(code)) throw error
          }
        }
      }
      await Promise.all(Array.from({ length: MANY }, add))
      const [row] = await connection.execute('select count, version from shelf where id = 1')
      expect(row).toEqual({ count: MANY, version: MANY + 1 })
      expect(connection.pool).toEqual({ inUse: 0, waiting: 0 })
    })

    it('count in SQL without losing one', async () => {
      const { app, connection } = await open(contract)
      const add = () =>
        inScope(app, (session) => session.execute('update shelf set count = count + 1 where id = 1'))
      await Promise.all(Array.from({ length: MANY }, add))
      expect(await connection.execute('select count from shelf where id = 1')).toEqual([{ count: MANY }])
      expect(connection.pool).toEqual({ inUse: 0, waiting: 0 })
    })
  })

  describeMigrations(contract)
}
