import type { Session } from 'limber/database'
import { describe, expect, test } from 'vitest'
import { Shelf } from '../database/fixtures/warehouse.ts'
import { everyDatabase, openWarehouse } from '../database/support/every-database.ts'

const regret = new Error('regret')

const undone = (session: Session, work: () => Promise<unknown>) =>
  expect(
    session.transaction(async () => {
      await work()
      throw regret
    }),
  ).rejects.toBe(regret)

const paint = (session: Session, label: string) =>
  session.execute('update shelf set label = ? where id = 1', [label])

const labels = (session: Session) =>
  session.execute<{ label: string }[]>('select label from shelf order by id')

const isManaged = (session: Session, entity: object) =>
  session.getUnitOfWork(false).getIdentityMap().values().includes(entity)

const paintings: [string, (session: Session, shelf: Shelf) => Promise<unknown>][] = [
  ['SQL and refresh()', (session, shelf) => paint(session, 'gold').then(() => session.refresh(shelf))],
  ['SQL and find()', (session) => paint(session, 'gold').then(() => session.find(Shelf, {}))],
  ['upsert()', (session) => session.upsert(Shelf, { id: 1, name: 'first', label: 'gold' })],
  ['upsert() by a unique property', (session) => session.upsert(Shelf, { name: 'first', label: 'gold' })],
  ['upsertMany()', (session) => session.upsertMany(Shelf, [{ name: 'first', label: 'gold' }])],
  [
    'nativeUpdate() and find()',
    async (session) => {
      await session.nativeUpdate(Shelf, { id: 1 }, { label: 'gold' })
      await session.find(Shelf, {}, { refresh: true })
    },
  ],
  [
    'SQL that deletes it and refresh()',
    async (session, shelf) => {
      await session.execute('delete from shelf')
      await session.refresh(shelf)
    },
  ],
]

for (const database of await everyDatabase()) {
  if (database.title === 'SQLite in memory') continue
  describe(`${database.title}: after`, () => {
    describe.each(paintings)('%s', (_, work) => {
      test('in a savepoint and in a scope that are undone, an entity has the values of its row', async () => {
        const { inScope, connection } = await openWarehouse(database)
        const seen: Shelf[] = []
        const scope = inScope(async (session) => {
          const shelf = await session.findOneOrFail(Shelf, 1)
          seen.push(shelf)
          await undone(session, () => work(session, shelf))
          expect([shelf.label, isManaged(session, shelf)]).toEqual(['wood', true])
          expect(await labels(session)).toEqual([{ label: 'wood' }])
          // What is changed to the value that was undone is a change.
          await shelf.update({ label: 'gold' }).save(session)
          expect(await labels(session)).toEqual([{ label: 'gold' }])
          await work(session, shelf)
          throw regret
        })
        await expect(scope).rejects.toBe(regret)
        expect(seen.map(({ label }) => label)).toEqual(['wood'])
        await inScope(async (session) => {
          for (const shelf of seen) await shelf.update({ label: 'gold' }).save(session)
        })
        expect(await connection.execute('select label from shelf')).toEqual([{ label: 'gold' }])
      })
    })

    test('a savepoint in which it was first read and that is undone, a reference has its row', async () => {
      const { inScope } = await openWarehouse(database)
      await inScope(async (session) => {
        const shelf = session.getReference(Shelf, 1)
        await undone(session, async () => {
          await paint(session, 'gold')
          expect((await session.findOneOrFail(Shelf, 1)).label).toBe('gold')
        })
        expect(await session.findOneOrFail(Shelf, 1)).toBe(shelf)
        expect(shelf.label).toBe('wood')
      })
    })

    test('a savepoint that made its row and is undone, a reference is one as before', async () => {
      const { inScope } = await openWarehouse(database)
      await inScope(async (session) => {
        const shelf = session.getReference(Shelf, 7)
        await undone(session, async () => {
          await session.execute("insert into shelf (id, name, count, version) values (7, 'second', 0, 1)")
          await session.findOneOrFail(Shelf, 7)
        })
        expect([shelf.id, shelf.name, isManaged(session, shelf)]).toEqual([7, undefined, true])
        expect(await session.findOne(Shelf, 7)).toBeNull()
        await session.flush()
        expect(await labels(session)).toHaveLength(1)
      })
    })

    test('savepoints in each other that are undone with their scope, an entity has its row', async () => {
      const { inScope } = await openWarehouse(database)
      const seen: Shelf[] = []
      const scope = inScope(async (session) => {
        await session.execute("insert into shelf (name, count, version) values ('second', 0, 1)")
        const shelf = await session.findOneOrFail(Shelf, 1)
        seen.push(shelf)
        await session.transaction(async () => {
          await paint(session, 'gold')
          await undone(session, async () => {
            await paint(session, 'iron')
            await session.refresh(shelf)
          })
          expect(shelf.label).toBe('gold')
        })
        throw regret
      })
      await expect(scope).rejects.toBe(regret)
      expect(seen.map(({ label }) => label)).toEqual(['wood'])
    })

    const makings: [string, (session: Session, shelf: Shelf) => Promise<unknown>][] = [
      ['upsert()', (session, shelf) => session.upsert(shelf)],
      ['upsertMany()', (session, shelf) => session.upsertMany([shelf])],
      ['insert()', (session, shelf) => session.insert(shelf)],
      ['insertMany()', (session, shelf) => session.insertMany([shelf])],
    ]

    test.each(makings)('%s that is undone, an entity is new again', async (_, make) => {
      const { inScope, names } = await openWarehouse(database)
      await inScope(async (session) => {
        const shelf = session.create(Shelf, { name: 'fresh' }, { persist: false })
        await undone(session, () => make(session, shelf))
        expect([shelf.id, isManaged(session, shelf)]).toEqual([undefined, false])
        session.persist(shelf)
      })
      expect(await names()).toEqual(['first', 'fresh'])
    })

    test.each(['upsert', 'upsertMany'])(
      '%s of data that is undone, what it gave is new again',
      async (verb) => {
        const { inScope, names } = await openWarehouse(database)
        const made: Shelf[] = []
        const scope = inScope(async (session) => {
          const data = { name: 'fresh' }
          if (verb === 'upsert') made.push(await session.upsert(Shelf, data))
          else made.push(...(await session.upsertMany(Shelf, [data, { name: 'first' }])))
          throw regret
        })
        await expect(scope).rejects.toBe(regret)
        expect(made[0]?.id).toBeUndefined()
        await inScope((session) => void session.persist(made.slice(0, 1)))
        expect(await names()).toEqual(['first', 'fresh'])
      },
    )
  })
}
