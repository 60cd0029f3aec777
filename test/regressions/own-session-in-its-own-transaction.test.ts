import type { EventSubscriber } from '@mikro-orm/core'
import type { Session } from 'limber/database'
import { describe, expect, it } from 'vitest'
import { Shelf } from '../database/fixtures/warehouse.ts'
import { addShelf, everyDatabase, openWarehouse } from '../database/support/every-database.ts'

const createShelf = (session: Session, name: string) => session.create(Shelf, { name, count: 0 })
const outcomeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'saved',
    (error: unknown) => Reflect.get(Object(error), 'code'),
  )

for (const database of await everyDatabase()) {
  describe(`${database.title}: a session that its maker owns`, () => {
    it('never says that it has committed what a failed statement has undone', async () => {
      const { connection, names } = await openWarehouse(database)
      await using session = connection.openSession()
      await session.begin()
      await addShelf(session, 'kept')
      await expect(session.execute('update nowhere set x = 1')).rejects.toMatchObject({
        code: 'LIMBER_TABLE_MISSING',
      })
      const end = await outcomeOf(session.commit())
      expect(end === 'saved').toBe((await names()).includes('kept'))
    })

    it('never says so of a flush in which a hook has failed and gone on', async () => {
      const { connection, names } = await openWarehouse(database)
      await using session = connection.openSession()
      const hook: EventSubscriber = {
        async afterCreate() {
          await expect(session.execute('update nowhere set x = 1')).rejects.toThrow('nowhere')
        },
      }
      connection.orm.em.getEventManager().registerSubscriber(hook)
      createShelf(session, 'kept')
      const end = await outcomeOf(session.flush())
      expect(end === 'saved').toBe((await names()).includes('kept'))
    })

    it('tells the truth in memory after a rollback by hand', async () => {
      const { connection } = await openWarehouse(database)
      await using session = connection.openSession()
      const first = await session.findOneOrFail(Shelf, 1)
      await session.begin()
      const fresh = createShelf(session, 'lost')
      first.name = 'changed'
      await session.flush()
      await session.rollback()
      expect([fresh.id, (await session.findOneOrFail(Shelf, 1)).name]).toEqual([undefined, 'first'])
    })

    it('has nothing to end where nothing was begun', async () => {
      const { connection } = await openWarehouse(database)
      await using session = connection.openSession()
      await expect(session.commit()).rejects.toMatchObject({ code: 'LIMBER_NO_TRANSACTION' })
      await expect(session.rollback()).rejects.toMatchObject({ code: 'LIMBER_NO_TRANSACTION' })
    })

    it('does not wait for the scope around it', async () => {
      const { connection, inScope } = await openWarehouse(database)
      await inScope(async (session) => {
        await session.execute('update shelf set count = 1 where id = 1')
        await using own = connection.openSession()
        const work = async () => {
          await own.begin()
          await own.execute('update shelf set count = 2 where id = 1')
        }
        await expect(work()).rejects.toMatchObject({ code: 'LIMBER_OWN_LOCK' })
      })
    })

    it('has a flush whose hooks do not wait for it', async () => {
      const { connection, inScope } = await openWarehouse(database)
      await using session = connection.openSession()
      const outcomes: unknown[] = []
      const hook: EventSubscriber = {
        async afterUpdate() {
          const plain = connection.execute('update shelf set count = 7 where id = 1')
          outcomes.push(await outcomeOf(plain))
          const scope = inScope((inner) => inner.execute('update shelf set count = 8 where id = 1'))
          outcomes.push(await outcomeOf(scope))
        },
      }
      connection.orm.em.getEventManager().registerSubscriber(hook)
      const first = await session.findOneOrFail(Shelf, 1)
      first.name = 'changed'
      await session.flush()
      expect(outcomes).toEqual(['LIMBER_OWN_LOCK', 'LIMBER_OWN_LOCK'])
    })
  })

  it(`${database.title}: statements that are kept together do not wait for each other`, async () => {
    const { connection, inScope, isSqlite, names } = await openWarehouse(database)
    await connection.exclusive(async (run) => {
      await run('select 1')
      const plain = outcomeOf(connection.execute("update shelf set name = 'plain' where id = 1"))
      expect(await plain).toBe(isSqlite ? 'LIMBER_OWN_LOCK' : 'saved')
      const scope = outcomeOf(inScope((session) => addShelf(session, 'scope')))
      expect(await scope).toBe(isSqlite ? 'LIMBER_OWN_LOCK' : 'saved')
    })
    expect(await names()).toEqual(isSqlite ? ['first'] : ['plain', 'scope'])
  })
}
