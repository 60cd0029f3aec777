import { LockMode } from '@mikro-orm/core'
import type { Session } from 'limber/database'
import { describe, expect, test } from 'vitest'
import { Shelf } from './fixtures/warehouse.ts'
import { addShelf, everyDatabase, openWarehouse } from './support/every-database.ts'

async function readAll<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const row of rows) all.push(row)
  return all
}

type Lock = (session: Session) => Promise<unknown>

const { PESSIMISTIC_READ, PESSIMISTIC_WRITE } = LockMode

const locked = (session: Session, mode = PESSIMISTIC_WRITE) =>
  session.createQueryBuilder(Shelf, 's').select('*').where({ id: 1 }).setLockMode(mode)

const locks: Readonly<Record<string, Lock>> = {
  'find with lockMode': (session) => session.findOneOrFail(Shelf, 1, { lockMode: PESSIMISTIC_WRITE }),
  'session.lock': async (session) => session.lock(await session.findOneOrFail(Shelf, 1), PESSIMISTIC_WRITE),
  'session.lock for reading': async (session) =>
    session.lock(await session.findOneOrFail(Shelf, 1), PESSIMISTIC_READ),
  'session.refresh with lockMode': async (session) =>
    session.refresh(await session.findOneOrFail(Shelf, 1), { lockMode: PESSIMISTIC_WRITE }),
  'getResultList of a builder': (session) => locked(session).getResultList(),
  'getSingleResult of a builder for reading': (session) =>
    locked(session, PESSIMISTIC_READ).getSingleResult(),
  'execute of a builder': (session) => locked(session).execute(),
  'stream of a builder': (session) => readAll(locked(session).stream()),
  'session.stream with lockMode': (session) =>
    readAll(session.stream(Shelf, { where: { id: 1 }, lockMode: PESSIMISTIC_WRITE })),
  'a clone of a builder': (session) => locked(session).clone().getResultList(),
}

for (const database of await everyDatabase()) {
  describe.each(Object.entries(locks))(`%s on ${database.title}`, (_, lock) => {
    test('opens the transaction of the scope', async () => {
      const { inScope, names } = await openWarehouse(database)
      const failing = inScope(async (session) => {
        await lock(session)
        expect(session.isInTransaction()).toBe(true)
        await addShelf(session, 'undone')
        throw new Error('undo')
      })
      await expect(failing).rejects.toThrow('undo')
      expect(await names()).toEqual(['first'])
    })

    test('is refused in a scope that only reads', async () => {
      const { app } = await openWarehouse(database)
      const reading = app.scope(() => lock(app.make('db.session')), { readOnly: true })
      await expect(reading).rejects.toMatchObject({ code: 'LIMBER_READ_ONLY_SCOPE' })
    })

    test('needs a transaction where no scope has one', async () => {
      const { connection } = await openWarehouse(database)
      await using session = connection.openSession()
      await expect(lock(session)).rejects.toMatchObject({
        code: 'LIMBER_NO_TRANSACTION',
        hint: expect.stringContaining('session.transaction'),
      })
      await session.transaction(() => lock(session))
    })

    test('needs one as well beside a scope that has written', async () => {
      const { connection, inScope } = await openWarehouse(database)
      await inScope(async (session) => {
        await addShelf(session, 'second')
        await using own = connection.openSession()
        own.map(Shelf, { id: 1, name: 'first' })
        const code = expect.stringMatching(/^LIMBER_(NO_TRANSACTION|OWN_LOCK)$/)
        await expect(lock(own)).rejects.toMatchObject({ code })
      })
    })
  })

  describe(`a builder on ${database.title}`, () => {
    test('whose lock mode was taken back only reads', async () => {
      const { inScope } = await openWarehouse(database)
      await inScope(async (session) => {
        await locked(session).setLockMode(LockMode.NONE).getResultList()
        expect(session.isInTransaction()).toBe(false)
      })
    })

    test('that locks keeps others from writing until the end of the scope', async () => {
      const { app, inScope, connection } = await openWarehouse(database)
      const order: string[] = []
      const isLocked = Promise.withResolvers<void>()
      const first = inScope(async (session) => {
        await locked(session).getResultList()
        isLocked.resolve()
        // Round trips in which the other one would write, if it could.
        for (let i = 0; i < 20; i++) await session.execute('select 1')
        order.push('first')
      })
      await isLocked.promise
      const second = app.scope(async () => {
        await app.make('db.session').execute('update shelf set count = 1 where id = 1')
        order.push('second')
      })
      await Promise.all([first, second])
      expect(order).toEqual(['first', 'second'])
      expect(await connection.execute('select count from shelf')).toEqual([{ count: 1 }])
    })
  })
}
