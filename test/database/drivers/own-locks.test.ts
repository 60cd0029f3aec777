import { LockMode } from '@mikro-orm/core'
import { describe, expect, it } from 'vitest'
import { Shelf } from '../fixtures/warehouse.ts'
import { bootLibrary } from '../support/library-application.ts'
import { emptyDatabase, isThere, MARIADB, POSTGRES, type Server } from '../support/servers.ts'

const ownLock = { code: 'LIMBER_OWN_LOCK' }
const RENAME = "update shelf set name = 'mine' where id = 1"

async function open(server: Server) {
  const driver = server.driver({ database: await emptyDatabase(server), pool: { max: 6 } })
  const { app } = await bootLibrary({ driver, models: [Shelf] })
  await app.ready(['db'])
  const connection = app.make('db.connection')
  await connection.schema.create()
  await connection.execute(
    "insert into shelf (name, count, version) values ('first', 0, 1), ('second', 0, 1)",
  )
  const names = async () =>
    (await connection.execute('select name from shelf order by id')).map(({ name }) => name)
  return { app, db: app.make('db'), connection, names }
}

const WAITING: Record<string, string> = {
  PostgreSQL:
    'select count(*) as n from pg_locks join pg_stat_activity using (pid) where not granted and datname = current_database()',
  MariaDB:
    'select count(*) as n from sys.innodb_lock_waits where locked_table like concat("`", database(), "`%")',
}

for (const server of [POSTGRES, MARIADB]) {
  if (!(await isThere(server))) continue

  describe(`${server.title}: a wait for a lock of one's own unit of work`, () => {
    it('is a named error in a scope inside, which is undone alone', async () => {
      const { app, connection, names } = await open(server)
      await app.scope(async () => {
        await app.make('db.session').execute(RENAME)
        const inner = app.scope(async () => {
          await app.make('db.session').execute("update shelf set name = 'undone' where id = 2")
          const shelf = await app.make('db.session').findOneOrFail(Shelf, 1)
          shelf.count = 7
        })
        await expect(inner).rejects.toMatchObject(ownLock)
      })
      expect(await names()).toEqual(['mine', 'second'])
      expect(connection.pool).toEqual({ inUse: 0, waiting: 0 })
    })

    it('is one in the branches of db.parallel, a session of its own, a locking read and plain SQL', async () => {
      const { app, db, connection, names } = await open(server)
      await app.scope(async () => {
        await app.make('db.session').execute(RENAME)
        const branches = db.parallel([
          (session) => session.execute("update shelf set name = 'branch' where id = 2"),
          (session) => session.execute("update shelf set name = 'never' where id = 1"),
        ])
        await expect(branches).rejects.toMatchObject(ownLock)
        await using own = db.openSession()
        const transaction = own.transaction((session) => session.execute(RENAME))
        await expect(transaction).rejects.toMatchObject(ownLock)
        await expect(own.execute(RENAME)).rejects.toMatchObject(ownLock)
        const locking = app.scope(() =>
          app.make('db.session').execute('select * from shelf where id = 1 for update'),
        )
        await expect(locking).rejects.toMatchObject(ownLock)
        await expect(connection.execute(RENAME)).rejects.toMatchObject(ownLock)
      })
      expect(await names()).toEqual(['mine', 'branch'])
      expect(connection.pool).toEqual({ inUse: 0, waiting: 0 })
    })

    it('is one when somebody else waits in between', async () => {
      const { app, connection, names } = await open(server)
      const held = Promise.withResolvers<void>()
      // It begins outside of the scope below, and waits for it like anybody.
      const stranger = app.scope(async () => {
        await held.promise
        await app.make('db.session').execute("update shelf set name = 'stranger' where id = 1")
      })
      await app.scope(async () => {
        await app.make('db.session').execute(RENAME)
        held.resolve()
        await expect
          .poll(async () => Number((await connection.execute(WAITING[server.title] ?? ''))[0]?.n), {
            timeout: 10_000,
            // MariaDB looks again only when nobody has asked for 100.
            interval: 200,
          })
          .toBe(1)
        const inner = app.scope(() => app.make('db.session').execute(RENAME))
        await expect(inner).rejects.toMatchObject(ownLock)
      })
      await stranger
      expect(await names()).toEqual(['stranger', 'second'])
    })

    it('is one when the pool is full of those who wait', async () => {
      const { app, names } = await open(server)
      const pair = (id: number) =>
        app.scope(async () => {
          await app.make('db.session').execute('update shelf set count = 1 where id = ?', [id])
          const inner = app.scope(() =>
            app.make('db.session').execute("update shelf set name = 'inner' where id = ?", [id]),
          )
          await expect(inner).rejects.toMatchObject(ownLock)
        })
      await app
        .make('db.connection')
        .execute("insert into shelf (name, count, version) values ('third', 0, 1)")
      await Promise.all([1, 2, 3].map(pair))
      expect(await names()).toEqual(['first', 'second', 'third'])
    })

    it('is one when the inner unit of work had begun before the outer one wrote', async () => {
      const { app, names } = await open(server)
      await app.scope(async () => {
        const begun = Promise.withResolvers<void>()
        const go = Promise.withResolvers<void>()
        const inner = app.scope(async () => {
          await app.make('db.session').execute("update shelf set name = 'log' where id = 2")
          begun.resolve()
          await go.promise
          await app.make('db.session').execute("update shelf set name = 'never' where id = 1")
        })
        await begun.promise
        await app.make('db.session').execute(RENAME)
        go.resolve()
        await expect(inner).rejects.toMatchObject(ownLock)
      })
      expect(await names()).toEqual(['mine', 'second'])
    })

    it('is told again after one was caught, and other errors keep their names', async () => {
      const { app } = await open(server)
      await app.scope(async () => {
        await app.make('db.session').execute(RENAME)
        await app.scope(async () => {
          const session = app.make('db.session')
          await session.execute("update shelf set name = 'other' where id = 2")
          const again = () =>
            session.transaction(() => session.execute("update shelf set name = 'x' where id = 1"))
          await expect(again()).rejects.toMatchObject(ownLock)
          const wrong = session.transaction(() => session.execute('update nowhere set x = 1'))
          await expect(wrong).rejects.toMatchObject({ code: 'LIMBER_TABLE_MISSING' })
          await expect(again()).rejects.toMatchObject(ownLock)
        })
      })
    })

    it('is seen again after the outer unit of work had answered nothing for a while', async () => {
      const { app } = await open(server)
      await app.scope(async () => {
        const session = app.make('db.session')
        await session.execute(RENAME)
        const failing = session.transaction(async () => {
          try {
            await session.execute('update nowhere set x = 1')
          } catch (error) {
            await app.scope(() =>
              app.make('db.session').execute("update shelf set name = 'log' where id = 2"),
            )
            throw error
          }
        })
        await expect(failing).rejects.toMatchObject({ code: 'LIMBER_TABLE_MISSING' })
        const inner = app.scope(() => app.make('db.session').execute(RENAME))
        await expect(inner).rejects.toMatchObject(ownLock)
      })
    })

    it('of somebody else that is refused at once undoes no more than its savepoint', async () => {
      const { app, names } = await open(server)
      const held = Promise.withResolvers<void>()
      const over = Promise.withResolvers<void>()
      const stranger = app.scope(async () => {
        await app.make('db.session').execute(RENAME)
        held.resolve()
        await over.promise
      })
      await held.promise
      await app.scope(async () => {
        const session = app.make('db.session')
        await session.execute("update shelf set name = 'before' where id = 2")
        const lock = { lockMode: LockMode.PESSIMISTIC_WRITE_OR_FAIL }
        const inner = session.transaction(() => session.findOneOrFail(Shelf, 1, lock))
        await expect(inner).rejects.toMatchObject({ code: 'LIMBER_TRANSACTION_CONFLICT' })
        await session.execute("update shelf set name = 'after' where id = 2")
      })
      over.resolve()
      await stranger
      expect(await names()).toEqual(['mine', 'after'])
    })

    it('of somebody else is waited for', async () => {
      const { app, names } = await open(server)
      const locked = Promise.withResolvers<void>()
      const go = Promise.withResolvers<void>()
      const other = app.scope(async () => {
        await app.make('db.session').execute(RENAME)
        locked.resolve()
        await go.promise
      })
      await locked.promise
      const mine = app.scope(async () => {
        await app.make('db.session').execute('update shelf set count = 1 where id = 2')
        const inner = app.scope(() =>
          app.make('db.session').execute("update shelf set name = 'last' where id = 1"),
        )
        // Longer than it takes to notice a wait for one's own.
        setTimeout(go.resolve, 1_500)
        await inner
      })
      await Promise.all([other, mine])
      expect(await names()).toEqual(['last', 'second'])
    })
  })
}
