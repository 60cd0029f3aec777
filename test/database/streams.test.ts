import { LockMode } from '@mikro-orm/core'
import type { Connection, Session } from 'limber/database'
import { describe, expect, test } from 'vitest'
import { Item, Shelf } from './fixtures/warehouse.ts'
import { addShelf, everyDatabase, openWarehouse } from './support/every-database.ts'

/** More than a chunk of any driver, and more than what a server sends ahead. */
const MANY = 2_000

async function fill({ execute }: Pick<Connection, 'execute'>) {
  const rows = Array.from({ length: MANY }, (_, i) => `('${'long '.repeat(40)}${i}', 0, 1)`)
  await execute(`insert into shelf (name, count, version) values ${rows.join(', ')}`)
}

type Stream = (session: Session) => AsyncIterableIterator<{ name: string }>

const streams: Readonly<Record<string, Stream>> = {
  'session.stream': (session) => session.stream(Shelf, { orderBy: { id: 'asc' } }),
  'queryBuilder.stream': (session) =>
    session.createQueryBuilder(Shelf).select('*').orderBy({ id: 'asc' }).stream(),
  'connection.stream': (session) =>
    session.getConnection(session.readsFrom).stream(
      'select name from shelf order by id',
      [],
      // A raw stream is told of the transaction by hand.
      session.getTransactionContext(),
    ),
}

for (const database of await everyDatabase()) {
  for (const [title, stream] of Object.entries(streams)) {
    describe(`${title} on ${database.title}`, () => {
      const open = async () => {
        const warehouse = await openWarehouse(database)
        await fill({ execute: (sql) => warehouse.connection.execute(sql) })
        return warehouse
      }

      test.each([false, true])('lets the loop read and write, in a transaction: %s', async (hasWritten) => {
        const { inScope, names, connection } = await open()
        await inScope(async (session) => {
          if (hasWritten) await addShelf(session, 'own row')
          let seen = 0
          let last = ''
          for await (const shelf of stream(session)) {
            seen++
            last = shelf.name
            if (seen % 1_000 !== 1) continue
            expect(await session.count(Shelf)).toBeGreaterThan(MANY)
            await addShelf(session, `new ${seen}`)
          }
          expect(seen).toBe(MANY + (hasWritten ? 2 : 1))
          if (hasWritten) expect(last).toBe('own row')
        })
        expect((await names()).filter((name) => String(name).startsWith('new'))).toHaveLength(3)
        expect(connection.pool).toEqual({ inUse: 0, waiting: 0 })
      })

      test.each([false, true])(
        'gives its connection back when the loop is left, in a transaction: %s',
        async (hasWritten) => {
          const { inScope, names, connection } = await open()
          await inScope(async (session) => {
            if (hasWritten) await addShelf(session, 'own row')
            for await (const shelf of stream(session)) {
              expect(shelf.name).toBe('first')
              break
            }
            await addShelf(session, 'after')
            expect(connection.pool.inUse).toBe(connection.driver.hasOneWriter ? 0 : 1)
          })
          expect((await names()).at(-1)).toBe('after')
          // All connections of the pool answer.
          await Promise.all(Array.from({ length: 12 }, () => connection.execute('select 1')))
        },
      )

      test('fails with the errors of Limber, and undoes the scope', async () => {
        const { inScope, names } = await open()
        const failing = inScope(async (session) => {
          await addShelf(session, 'undone')
          for await (const shelf of stream(session)) await addShelf(session, shelf.name)
        })
        await expect(failing).rejects.toMatchObject({ code: 'LIMBER_UNIQUE_VIOLATION' })
        expect((await names()).length).toBe(MANY + 1)
      })
    })
  }

  describe(`a stream on ${database.title}`, () => {
    test.each(['session.stream', 'queryBuilder.stream'])(
      'left open at the end of the scope ends with it: %s',
      async (title) => {
        for (const hasWritten of [false, true]) {
          const { inScope, connection } = await openWarehouse(database)
          await fill({ execute: (sql) => connection.execute(sql) })
          const { iterator } = await inScope(async (session) => {
            if (hasWritten) await addShelf(session, 'own row')
            const iterator = streams[title]?.(session)
            await iterator?.next()
            return { iterator }
          })
          expect(connection.pool.inUse).toBe(0)
          await expect(iterator?.next()).rejects.toMatchObject({ code: 'LIMBER_SESSION_CLOSED' })
        }
      },
    )

    test('does not show what is in the trash', async () => {
      const { inScope } = await openWarehouse(database)
      const titles = await inScope(async (session) => {
        const shelf = session.getReference(Shelf, 1, { wrapped: true })
        const trashed = session.create(Item, { title: 'trashed', shelf })
        session.create(Item, { title: 'live', shelf })
        await session.flush()
        await session.remove(trashed).flush()
        const titles: string[] = []
        for await (const item of session.stream(Item, { chunkSize: 0 })) titles.push(item.title)
        return titles
      })
      expect(titles).toEqual(['live'])
    })

    test('is refused after the end, and where it would wait for its own scope', async () => {
      const { app, inScope, connection } = await openWarehouse(database)
      const kept = await inScope((session) => ({ session }))
      for (const make of [streams['session.stream'], streams['queryBuilder.stream']]) {
        await expect((async () => make?.(kept.session).next())()).rejects.toMatchObject({
          code: 'LIMBER_SESSION_CLOSED',
        })
      }
      for (const make of [streams['session.stream'], streams['queryBuilder.stream']]) {
        const nested = inScope(async (session) => {
          await addShelf(session, 'outer')
          const seen = await app.scope(async () => (await make?.(app.make('db.session')).next())?.value.name)
          expect(seen).toBe('first')
          throw new Error('undo')
        })
        const waits = connection.driver.label === 'sqlite::memory:'
        await expect(nested).rejects.toMatchObject(waits ? { code: 'LIMBER_OWN_LOCK' } : { message: 'undo' })
      }
    })

    test('goes on when a savepoint inside the loop is undone', async () => {
      const { app, inScope } = await openWarehouse(database)
      await inScope(async (session) => {
        await addShelf(session, 'second')
        let seen = 0
        for await (const { name } of session.stream(Shelf, { chunkSize: 1 })) {
          seen++
          const failing = app.make('db').transaction(() => addShelf(session, name))
          await expect(failing).rejects.toMatchObject({ code: 'LIMBER_UNIQUE_VIOLATION' })
        }
        expect(seen).toBe(2)
      })
    })

    test('left open in a savepoint that is undone leaves the rest of the scope alone', async () => {
      const { app, inScope, names } = await openWarehouse(database)
      await inScope(async (session) => {
        await addShelf(session, 'kept')
        const stream = session.stream(Shelf, { chunkSize: 1 })
        const failing = app.make('db').transaction(async () => {
          await stream.next()
          throw new Error('undo')
        })
        await expect(failing).rejects.toThrow('undo')
        await stream.return?.()
      })
      expect(await names()).toEqual(['first', 'kept'])
    })

    test('that has failed is not committed as if it had not, where the database would undo everything', async () => {
      const { inScope, isPostgres, names } = await openWarehouse(database)
      const work = inScope(async (session) => {
        await addShelf(session, 'second')
        const stream = session.createQueryBuilder(Shelf).select('*').where('no_such_function() = 1')
        await expect((async () => stream.stream().next())()).rejects.toThrow()
      })
      if (isPostgres) await expect(work).rejects.toThrow()
      else await work
      expect(await names()).toEqual(isPostgres ? ['first'] : ['first', 'second'])
    })

    test('that locks its rows opens the transaction of the scope', async () => {
      const { inScope } = await openWarehouse(database)
      await inScope(async (session) => {
        const builder = session.createQueryBuilder(Shelf).select('*').setLockMode(LockMode.PESSIMISTIC_WRITE)
        for await (const shelf of builder.stream()) expect(shelf.name).toBe('first')
        expect(session.isInTransaction()).toBe(true)
      })
    })

    test('whose transaction is committed inside the loop goes on, or says that it cannot', async () => {
      const { inScope, isPostgres } = await openWarehouse(database)
      const work = inScope(async (session) => {
        await addShelf(session, 'second')
        let seen = 0
        for await (const _ of session.stream(Shelf, { chunkSize: 1 })) {
          seen++
          await session.commit()
        }
        return seen
      })
      if (isPostgres) await expect(work).rejects.toMatchObject({ code: 'LIMBER_STREAM_ENDED' })
      else expect(await work).toBe(2)
    })
  })

  if (database.title.startsWith('SQLite')) continue

  test(`a stream on ${database.title} needs a connection, and says so when none is left`, async () => {
    const { inScope, connection } = await openWarehouse(database, { pool: { max: 1, acquireTimeout: 200 } })
    await fill({ execute: (sql) => connection.execute(sql) })
    const work = inScope(async (session) => {
      for await (const _ of session.stream(Shelf)) await session.count(Shelf)
    })
    await expect(work).rejects.toMatchObject({ code: 'LIMBER_POOL_TIMEOUT' })
    await inScope((session) => addShelf(session, 'next'))
    expect(connection.pool.inUse).toBe(0)
  })
}
