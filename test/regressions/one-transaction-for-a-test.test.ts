import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Kysely } from 'kysely'
import { DatabaseServiceProvider, type Driver, fromUrl, nullDriver, type Session } from 'limber/database'
import { createTestApplication, type TestApplication } from 'limber/testing'
import { describe, expect, test } from 'vitest'
import { Author, Book } from '../database/fixtures/library.ts'
import { tempFolder } from '../database/support/library-application.ts'
import { emptyDatabase, isThere, MARIADB, POSTGRES } from '../database/support/servers.ts'

const regret = new Error('regret')

async function openOn(driver: Driver, others: Readonly<Record<string, Driver>> = {}) {
  const config = {
    app: { name: 'library', models: [Author, Book], providers: [DatabaseServiceProvider] },
    database: { default: 'main', connections: { main: driver, ...others } },
    log: { level: 'silent' },
  }
  const root = tempFolder()
  mkdirSync(path.join(root, 'config'))
  const app = await createTestApplication({ root, config, database: 'configured', migrate: false })
  await app.app.ready(['db'])
  const connection = app.make('db.connection')
  await connection.schema.create()
  await connection.execute("insert into author (id, name) values (1, 'Mary')")
  return { app, connection, names: () => namesIn(app) }
}

async function namesIn(app: TestApplication): Promise<unknown[]> {
  const rows = await app.make('db.connection').execute('select name from author order by id')
  return rows.map(({ name }) => name)
}

/** Its tables are those of the test. */
const kyselyOf = (session: Session): Kysely<{ author: { name: string }; nowhere: object }> =>
  session.getKysely() as never

const insert = (id: number) => `insert into author (id, name) values (${id}, 'no. ${id}')`

function describeRollback(title: string, create: () => Promise<Driver>): void {
  describe(`test.rollback() on ${title}`, () => {
    test('outlives a statement that fails outside of a scope', async () => {
      const { app, connection, names } = await openOn(await create())
      {
        await using _ = await app.rollback()
        await connection.execute(insert(2))
        await expect(connection.execute(insert(2))).rejects.toMatchObject({
          code: 'LIMBER_UNIQUE_VIOLATION',
        })
        expect(await names()).toEqual(['Mary', 'no. 2'])
        await connection.exclusive(async (run) => {
          await expect(run(insert(2))).rejects.toMatchObject({ code: 'LIMBER_UNIQUE_VIOLATION' })
          await run(insert(3))
        })
        await using session = app.make('db').openSession()
        await expect(kyselyOf(session).selectFrom('nowhere').selectAll().execute()).rejects.toThrow()
        expect(await session.count(Author)).toBe(3)
      }
      expect(await names()).toEqual(['Mary'])
      await app[Symbol.asyncDispose]()
    })

    test('keeps what a failing unit of work around or beside another one has not written', async () => {
      const { app, names } = await openOn(await create())
      await using _ = await app.rollback()
      const session = () => app.make('db.session')
      await app.scope(() => session().execute(insert(2)))
      await expect(
        app.scope(async () => {
          await session().execute(insert(3))
          throw regret
        }),
      ).rejects.toBe(regret)
      expect(await names()).toEqual(['Mary', 'no. 2'])
      await app[Symbol.asyncDispose]()
    })

    test('lets units of work that write at once take turns', async () => {
      const { app, names } = await openOn(await create())
      {
        await using _ = await app.rollback()
        const branches = [2, 3, 4].map(
          (id) => async (session: { execute(sql: string): Promise<unknown> }) => {
            await session.execute(insert(id))
            await session.execute(`update author set name = 'branch ${id}' where id = ${id}`)
            if (id === 3) throw regret
          },
        )
        await expect(app.make('db').parallel(branches)).rejects.toBe(regret)
        expect(await names()).toEqual(['Mary', 'branch 2', 'branch 4'])
      }
      expect(await names()).toEqual(['Mary'])
      await app[Symbol.asyncDispose]()
    })

    test('shows streams, Kysely and readers what is written inside', async () => {
      const { app } = await openOn(await create())
      await using _ = await app.rollback()
      await app.scope(async () => {
        const session = app.make('db.session')
        await session.execute(insert(2))
        const seen: string[] = []
        for await (const author of session.stream(Author, { orderBy: { id: 'asc' } })) {
          seen.push(author.name)
          author.name += '!'
          await session.flush()
        }
        expect(seen).toEqual(['Mary', 'no. 2'])
      })
      await app.scope(
        async () => {
          const rows = await kyselyOf(app.make('db.session')).selectFrom('author').select('name').execute()
          expect(rows).toHaveLength(2)
          const read: string[] = []
          for await (const { name } of app.make('db.session').stream(Author)) read.push(name)
          expect(read).toHaveLength(2)
        },
        { readOnly: true },
      )
      await app[Symbol.asyncDispose]()
    })

    test('refuses what would end it', async () => {
      const { app, connection, names } = await openOn(await create())
      {
        await using _ = await app.rollback()
        await connection.execute(insert(2))
        await expect(connection.execute('commit')).rejects.toMatchObject({ code: 'LIMBER_ENDS_ROLLBACK' })
        const change = connection.execute('create table note (id integer)')
        if (title === MARIADB.title)
          await expect(change).rejects.toMatchObject({ code: 'LIMBER_ENDS_ROLLBACK' })
        else await change
      }
      expect(await names()).toEqual(['Mary'])
      await app[Symbol.asyncDispose]()
    })

    test('refuses what goes on after it', async () => {
      const { app, names } = await openOn(await create())
      const { promise: isOver, resolve: over } = Promise.withResolvers<void>()
      const { promise: hasWritten, resolve: wrote } = Promise.withResolvers<void>()
      const rollback = await app.rollback()
      const late = app.scope(async () => {
        await app.make('db.session').execute(insert(2))
        wrote()
        await isOver
        await app.make('db.session').execute(insert(3))
      })
      await hasWritten
      await rollback[Symbol.asyncDispose]()
      over()
      // SQLite tells before that its transaction is gone.
      const code = title === 'SQLite' ? 'LIMBER_TRANSACTION_LOST' : 'LIMBER_ROLLBACK_OVER'
      await expect(late).rejects.toMatchObject({ code })
      expect(await names()).toEqual(['Mary'])
      await app[Symbol.asyncDispose]()
    })
  })
}

describeRollback('SQLite', async () => fromUrl(`sqlite:${path.join(tempFolder(), 'test.sqlite')}`))

if (await isThere(MARIADB)) {
  describeRollback(MARIADB.title, async () => MARIADB.driver({ database: await emptyDatabase(MARIADB) }))
}

if (await isThere(POSTGRES)) {
  describeRollback(POSTGRES.title, async () => POSTGRES.driver({ database: await emptyDatabase(POSTGRES) }))
  describeRollback('PostgreSQL with a replica', async () => {
    const database = await emptyDatabase(POSTGRES)
    return POSTGRES.driver({ database, replicas: [{ database }] })
  })

  test('test.rollback() checks deferred constraints where a unit of work would commit', async () => {
    const { app, connection, names } = await openOn(
      POSTGRES.driver({ database: await emptyDatabase(POSTGRES) }),
    )
    await connection.execute(
      'create table note (author_id integer references author (id) deferrable initially deferred)',
    )
    await using _ = await app.rollback()
    const note = (id: number) =>
      app.scope(async () => {
        await app.make('db.session').execute(`insert into note values (${id})`)
        await app.make('db.session').execute(insert(id === 99 ? 5 : id))
      })
    await expect(note(99)).rejects.toMatchObject({ code: 'LIMBER_CONSTRAINT_VIOLATION' })
    await note(2)
    expect(await names()).toEqual(['Mary', 'no. 2'])
    await app[Symbol.asyncDispose]()
  })
}

for (const server of [MARIADB, POSTGRES]) {
  if (!(await isThere(server))) continue
  test(`test.rollback() nests units of work, and tells which were undone together, on ${server.title}`, async () => {
    const { app, names } = await openOn(server.driver({ database: await emptyDatabase(server) }))
    await using _ = await app.rollback()
    const session = () => app.make('db.session')
    const inner = (id: number) => app.scope(() => session().execute(insert(id)))
    await app.scope(async () => {
      await session().execute(insert(2))
      await inner(3)
      await expect(inner(3)).rejects.toMatchObject({ code: 'LIMBER_UNIQUE_VIOLATION' })
      await session().execute(insert(4))
    })
    expect(await names()).toEqual(['Mary', 'no. 2', 'no. 3', 'no. 4'])
    const outer = app.scope(async () => {
      await session().execute(insert(5))
      await inner(6)
      throw regret
    })
    await expect(outer).rejects.toMatchObject({ cause: { code: 'LIMBER_UNDONE_TOGETHER' } })
    expect(await names()).toEqual(['Mary', 'no. 2', 'no. 3', 'no. 4'])
    await app[Symbol.asyncDispose]()
  })
}

const COMMITTING = [
  '/* app=shop */ create table extra (a int)',
  '-- x\ncreate table extra (a int)',
  '# x\ncreate table extra (a int)',
  '/*! create table extra (a int) */',
  'lock table author write',
  'lock tables author read',
  'unlock tables',
  'flush tables',
  'analyze table author',
  'optimize table author',
  'repair table author',
  'check table author',
  'truncate author',
  'set @@session.autocommit = 1',
  'set @a = 1, autocommit = 1',
  'set statement max_statement_time = 1 for alter table author add extra int',
  'xa end 1',
]

if (await isThere(MARIADB)) {
  test.each(COMMITTING)(
    'what commits by itself is refused in test.rollback() on MariaDB: %s',
    async (sql) => {
      const { app, connection, names } = await openOn(
        MARIADB.driver({ database: await emptyDatabase(MARIADB) }),
      )
      {
        await using _ = await app.rollback()
        await connection.execute(insert(2))
        await expect(connection.execute(sql)).rejects.toMatchObject({ code: 'LIMBER_ENDS_ROLLBACK' })
        const session = app.scope(async () => {
          await app.make('db.session').execute(insert(3))
          await app.make('db.session').execute(sql)
        })
        await expect(session).rejects.toMatchObject({
          code: expect.stringMatching(/^LIMBER_(IMPLICIT_COMMIT|TRANSACTION_STATEMENT)$/),
        })
      }
      expect(await names()).toEqual(['Mary'])
      await app[Symbol.asyncDispose]()
    },
  )

  test('what commits nothing is allowed in test.rollback() on MariaDB', async () => {
    const { app, connection, names } = await openOn(
      MARIADB.driver({ database: await emptyDatabase(MARIADB) }),
    )
    {
      await using _ = await app.rollback()
      await connection.execute(insert(2))
      await connection.execute('create or replace temporary table extra (a int)')
      await connection.execute('drop temporary table extra')
      await connection.execute("insert into author (name) values ('; create table extra')")
      await connection.execute('set statement max_statement_time = 1 for select 1')
      await connection.execute('analyze select * from author')
    }
    expect(await names()).toEqual(['Mary'])
    await app[Symbol.asyncDispose]()
  })
}

if (await isThere(POSTGRES)) {
  const open = async () => openOn(POSTGRES.driver({ database: await emptyDatabase(POSTGRES) }))

  test('a scope that logs a failure keeps its log in test.rollback() as elsewhere', async () => {
    const { app, names } = await open()
    const session = () => app.make('db.session')
    const log = (id: number) => app.scope(() => session().execute(insert(id)))
    const work = (id: number) =>
      app.scope(async () => {
        await session().execute(insert(id))
        try {
          await session().execute('select * from nowhere')
        } catch (error) {
          await log(id + 1)
          const failed = session().execute('select 1')
          await expect(failed).rejects.toMatchObject({ code: 'LIMBER_TRANSACTION_FAILED' })
          throw error
        }
      })
    {
      await using _ = await app.rollback()
      await expect(work(2)).rejects.toMatchObject({ code: 'LIMBER_TABLE_MISSING' })
      expect(await names()).toEqual(['Mary', 'no. 3'])
      await app.scope(() => session().execute(insert(4)))
      expect(await names()).toEqual(['Mary', 'no. 3', 'no. 4'])
    }
    await expect(work(2)).rejects.toMatchObject({ code: 'LIMBER_TABLE_MISSING' })
    expect(await names()).toEqual(['Mary', 'no. 3'])
    await app[Symbol.asyncDispose]()
  })

  test('a failure in a savepoint undoes no more than that in test.rollback()', async () => {
    const { app, names } = await open()
    const db = app.make('db')
    {
      await using _ = await app.rollback()
      await app.scope(async () => {
        const session = app.make('db.session')
        await session.execute(insert(2))
        const failing = db.transaction(async () => {
          await session.execute(insert(3))
          await db.transaction(() => session.execute(insert(4)))
          await expect(session.execute(insert(2))).rejects.toMatchObject({ code: 'LIMBER_UNIQUE_VIOLATION' })
          const raw = kyselyOf(session).selectFrom('author').select('name').execute()
          await expect(raw).rejects.toMatchObject({ code: 'LIMBER_TRANSACTION_FAILED' })
          expect(await names()).toEqual(['Mary', 'no. 2'])
          throw regret
        })
        await expect(failing).rejects.toBe(regret)
        await session.execute(insert(5))
      })
      expect(await names()).toEqual(['Mary', 'no. 2', 'no. 5'])
    }
    expect(await names()).toEqual(['Mary'])
    await app[Symbol.asyncDispose]()
  })

  test('what a failing unit of work takes with it is named', async () => {
    const { app, names } = await open()
    await using _ = await app.rollback()
    const session = () => app.make('db.session')
    const outer = app.scope(async () => {
      await session().execute(insert(2))
      await app.scope(() => session().execute(insert(3)))
      await session().execute('select * from nowhere')
    })
    const error: unknown = await outer.catch((reason: unknown) => reason)
    const codes: unknown[] = []
    for (let one = error; one instanceof Error; one = one.cause) codes.push(Reflect.get(one, 'code'))
    expect(codes).toContain('LIMBER_TABLE_MISSING')
    expect(codes).toContain('LIMBER_UNDONE_TOGETHER')
    expect(await names()).toEqual(['Mary'])
    await app[Symbol.asyncDispose]()
  })
}

test('test.rollback() leaves out a connection that is switched off', async () => {
  const { app, names } = await openOn(fromUrl('sqlite:main.sqlite'), { off: nullDriver() })
  {
    await using _ = await app.rollback()
    await app.scope(() => app.make('db.session').execute(insert(2)))
  }
  expect(await names()).toEqual(['Mary'])
  await app[Symbol.asyncDispose]()
})
