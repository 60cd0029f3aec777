import { type Generated, type Kysely, sql } from 'kysely'
import type { Session } from 'limber/database'
import { createTestApplication } from 'limber/testing'
import { describe, expect, test } from 'vitest'
import { Item, Shelf } from './fixtures/warehouse.ts'
import { addShelf, everyDatabase, openWarehouse } from './support/every-database.ts'

async function readAll<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const row of rows) all.push(row)
  return all
}

interface Tables {
  shelf: { id: Generated<number>; name: string; count: number; version: number }
  item: { id: Generated<number>; title: string; deleted_at: Date | null }
}

const kyselyOf = (session: Session) => session.getKysely<Tables>()

const insert = (kysely: Kysely<Tables>, name: string) =>
  kysely.insertInto('shelf').values({ name, count: 0, version: 1 }).execute()

const found = async (kysely: Kysely<Tables>) =>
  (await kysely.selectFrom('shelf').select('name').orderBy('id').execute()).map(({ name }) => name)

for (const database of await everyDatabase()) {
  describe(`Kysely of a session on ${database.title}`, () => {
    test('writes in the transaction of the scope, also as its first write', async () => {
      const { inScope, names } = await openWarehouse(database)
      await inScope((session) => insert(kyselyOf(session), 'kept'))
      const failing = inScope(async (session) => {
        await insert(kyselyOf(session), 'undone')
        expect(session.isInTransaction()).toBe(true)
        throw new Error('undo')
      })
      await expect(failing).rejects.toThrow('undo')
      expect(await names()).toEqual(['first', 'kept'])
    })

    test('taken before the first write, sees what is written after', async () => {
      const { inScope } = await openWarehouse(database)
      const seen = await inScope(async (session) => {
        const kysely = kyselyOf(session)
        expect(await found(kysely)).toEqual(['first'])
        expect(session.isInTransaction()).toBe(false)
        session.create(Shelf, { name: 'second' })
        await session.flush()
        await insert(kysely, 'third')
        return found(kysely)
      })
      expect(seen).toEqual(['first', 'second', 'third'])
    })

    test('is undone with a savepoint', async () => {
      const { app, inScope, names } = await openWarehouse(database)
      await inScope(async (session) => {
        const kysely = kyselyOf(session)
        await insert(kysely, 'kept')
        const failing = app.make('db').transaction(async () => {
          await insert(kysely, 'undone')
          throw new Error('undo')
        })
        await expect(failing).rejects.toThrow('undo')
        await insert(kysely, 'last')
      })
      expect(await names()).toEqual(['first', 'kept', 'last'])
    })

    test('streams what an own session writes beside a scope that has written', async () => {
      const { connection, inScope, isSqlite, isMysql, names } = await openWarehouse(database)
      await inScope(async (session) => {
        await insert(kyselyOf(session), 'scope')
        await using own = connection.openSession()
        const row = { name: 'own', count: 0, version: 1 }
        const adding = kyselyOf(own).insertInto('shelf').values(row)
        const added = isMysql ? readAll(adding.stream()) : readAll(adding.returning('name').stream())
        if (isSqlite) await expect(added).rejects.toMatchObject({ code: 'LIMBER_OWN_LOCK' })
        else if (isMysql) await added
        else expect(await added).toEqual([{ name: 'own' }])
        expect(own.isInTransaction()).toBe(false)
      })
      expect([...(await names())].sort()).toEqual(isSqlite ? ['first', 'scope'] : ['first', 'own', 'scope'])
    })

    test('streams what an own session writes', async () => {
      const { connection, isMysql, names } = await openWarehouse(database)
      await using own = connection.openSession()
      const row = { name: 'own', count: 0, version: 1 }
      const adding = kyselyOf(own).insertInto('shelf').values(row)
      if (isMysql) await readAll(adding.stream())
      else expect(await readAll(adding.returning('name').stream())).toEqual([{ name: 'own' }])
      expect(await names()).toEqual(['first', 'own'])
    })

    test('of a fork never waits for its own scope', async () => {
      const { inScope, isSqlite, names } = await openWarehouse(database)
      await inScope(async (session) => {
        await insert(kyselyOf(session), 'scope')
        const forked = insert(kyselyOf(session.fork()), 'fork')
        if (isSqlite) await expect(forked).rejects.toMatchObject({ code: 'LIMBER_OWN_LOCK' })
        else await forked
      })
      expect([...(await names())].sort()).toEqual(isSqlite ? ['first', 'scope'] : ['first', 'fork', 'scope'])
    })

    test('knows which statements write', async () => {
      const { inScope, isMysql, isPostgres, isSqlite } = await openWarehouse(database)
      const opens = (work: (kysely: Kysely<Tables>) => Promise<unknown>) =>
        inScope(async (session) => {
          await work(kyselyOf(session))
          return session.isInTransaction()
        })
      const inner = (kysely: Kysely<Tables>) =>
        kysely.with('a', (db) => db.selectFrom('shelf').selectAll()).selectFrom('a')
      expect(await opens((kysely) => inner(kysely).selectAll().execute())).toBe(false)
      expect(await opens((kysely) => sql`select 1`.execute(kysely))).toBe(false)
      expect(await opens((kysely) => kysely.introspection.getTables())).toBe(false)
      expect(await opens((kysely) => sql`update shelf set count = 2`.execute(kysely))).toBe(true)
      expect(await opens((kysely) => kysely.updateTable('shelf').set({ count: 3 }).execute())).toBe(true)
      expect(await opens((kysely) => kysely.deleteFrom('shelf').where('id', '=', 99).execute())).toBe(true)
      if (!isSqlite) {
        expect(await opens((kysely) => kysely.selectFrom('shelf').selectAll().forUpdate().execute())).toBe(
          true,
        )
        expect(
          await opens((kysely) =>
            inner(kysely)
              .selectAll()
              .forShare()
              .execute()
              .catch(() => 0),
          ),
        ).toBe(true)
      }
      if (!isMysql) {
        expect(
          await opens((kysely) => kysely.schema.createTable('made').addColumn('a', 'integer').execute()),
        ).toBe(true)
      }
      if (isPostgres) {
        const writing = (kysely: Kysely<Tables>) =>
          kysely
            .with('changed', (db) => db.updateTable('shelf').set({ count: 5 }).returning('id'))
            .selectFrom('changed')
            .selectAll()
            .execute()
        expect(await opens(writing)).toBe(true)
      }
    })

    test('is refused where nothing may be written, and after the end', async () => {
      const { app, inScope, names } = await openWarehouse(database)
      const work = () => insert(kyselyOf(app.make('db.session')), 'never')
      await expect(app.scope(work, { readOnly: true })).rejects.toMatchObject({
        code: 'LIMBER_READ_ONLY_SCOPE',
      })
      expect(await app.scope(() => found(kyselyOf(app.make('db.session'))), { readOnly: true })).toEqual([
        'first',
      ])
      const kept = await inScope((session) => ({ kysely: kyselyOf(session) }))
      await expect(found(kept.kysely)).rejects.toMatchObject({ code: 'LIMBER_SESSION_CLOSED' })
      await expect(insert(kept.kysely, 'late')).rejects.toMatchObject({ code: 'LIMBER_SESSION_CLOSED' })
      expect(await names()).toEqual(['first'])
    })

    test('leaves transactions to the session', async () => {
      const { inScope } = await openWarehouse(database)
      await inScope(async (session) => {
        const kysely = kyselyOf(session)
        const code = 'LIMBER_TRANSACTION_STATEMENT'
        await expect(kysely.transaction().execute(async () => 1)).rejects.toMatchObject({ code })
        await expect(kysely.startTransaction().execute()).rejects.toMatchObject({ code })
        await expect(sql`commit`.execute(kysely)).rejects.toMatchObject({ code })
        await kysely.connection().execute((one) => insert(one, 'one connection'))
        await kysely.destroy()
        expect(await found(kysely)).toEqual(['first', 'one connection'])
      })
    })

    test('fails with the errors of Limber', async () => {
      const { inScope } = await openWarehouse(database)
      const twice = inScope((session) => insert(kyselyOf(session), 'first'))
      await expect(twice).rejects.toMatchObject({ code: 'LIMBER_UNIQUE_VIOLATION' })
      const missing = inScope((session) => sql`select * from nowhere`.execute(kyselyOf(session)))
      await expect(missing).rejects.toMatchObject({ code: 'LIMBER_TABLE_MISSING' })
    })

    test('takes the names of entities and properties, and does not know of soft delete', async () => {
      const { inScope } = await openWarehouse(database)
      await inScope(async (session) => {
        const shelf = session.getReference(Shelf, 1, { wrapped: true })
        session.create(Item, { title: 'trashed', shelf, isFragile: true })
        await session.flush()
        await session.nativeDelete(Item, {})
        const kysely = session.getKysely<{ Item: { title: string; isFragile: boolean } }>({
          tableNamingStrategy: 'entity',
          columnNamingStrategy: 'property',
          convertValues: true,
        })
        expect(await kysely.selectFrom('Item').select(['title', 'isFragile']).execute()).toEqual([
          { title: 'trashed', isFragile: true },
        ])
      })
    })

    test('commits by itself on a session that belongs to no scope', async () => {
      const { connection, names } = await openWarehouse(database)
      await using session = connection.openSession()
      await insert(kyselyOf(session), 'at once')
      expect(await names()).toEqual(['first', 'at once'])
      const failing = session.transaction(async () => {
        await insert(kyselyOf(session), 'undone')
        throw new Error('undo')
      })
      await expect(failing).rejects.toThrow('undo')
      expect(await names()).toEqual(['first', 'at once'])
    })

    test('streams, and the loop may read and write', async () => {
      const { inScope, names } = await openWarehouse(database)
      await inScope(async (session) => {
        const kysely = kyselyOf(session)
        for (const name of ['a', 'b', 'c']) await insert(kysely, name)
        const seen: string[] = []
        for await (const { name } of kysely.selectFrom('shelf').select('name').orderBy('id').stream(2)) {
          seen.push(name)
          expect((await found(kysely)).length).toBeGreaterThanOrEqual(4)
          if (name !== 'first') await addShelf(session, `${name}2`)
        }
        expect(seen).toEqual(['first', 'a', 'b', 'c'])
      })
      expect(await names()).toEqual(['first', 'a', 'b', 'c', 'a2', 'b2', 'c2'])
    })

    test('a change of the schema never commits what came before', async () => {
      const { inScope, isMysql, connection, names } = await openWarehouse(database)
      const create = 'create table made (id integer)'
      const makes: ((session: Session) => Promise<unknown>)[] = [
        (session) => session.execute(create),
        (session) => sql.raw(create).execute(kyselyOf(session)),
        (session) => kyselyOf(session).schema.createTable('made').addColumn('id', 'integer').execute(),
        (session) => session.createQueryBuilder(Item).force().truncate().execute(),
      ]
      for (const make of makes) {
        const failing = inScope(async (session) => {
          await addShelf(session, 'undone')
          if (isMysql) await expect(make(session)).rejects.toMatchObject({ code: 'LIMBER_IMPLICIT_COMMIT' })
          else await make(session)
          throw new Error('undo')
        })
        await expect(failing).rejects.toThrow('undo')
        expect(await names()).toEqual(['first'])
        expect(await connection.hasTable((text, values) => connection.execute(text, values), 'made')).toBe(
          false,
        )
      }
      await inScope(async (session) => {
        await addShelf(session, 'kept')
        await session.execute('create temporary table scratch (id integer)')
      })
      await connection.openSession().execute(create)
      expect(await names()).toEqual(['first', 'kept'])
    })
  })
}

test('Kysely of a session works in a test that is rolled back', async () => {
  await using test = await createTestApplication({ seed: 'database' })
  const count = () =>
    test.app.scope(async () => {
      const kysely = test.app.make('db.session').getKysely<{ book: { id: number } }>()
      return (await kysely.selectFrom('book').select('id').execute()).length
    })
  const before = await count()
  {
    await using _ = await test.rollback()
    await test.app.scope(async () => {
      const kysely = test.app.make('db.session').getKysely<{ book: { id: number } }>()
      await kysely.deleteFrom('book').execute()
    })
    expect(await count()).toBe(0)
  }
  expect(await count()).toBe(before)
})
