/** Transactions that are in each other's way, many at once, and locks that are not released in time. */
import type { Driver } from 'limber/database'
import { expect, it } from 'vitest'
import { Shelf } from '../fixtures/warehouse.ts'
import { bootLibrary } from '../support/library-application.ts'
import { emptyDatabase, isThere, MARIADB, POSTGRES } from '../support/servers.ts'

const AT_ONCE = 20
const RETRIES = 50

async function open(driver: Driver) {
  const { app } = await bootLibrary({ driver, models: [Shelf] })
  await app.ready(['db'])
  const connection = app.make('db.connection')
  await connection.schema.create()
  for (const name of ['first', 'second'])
    await connection.execute('insert into shelf (name, count, version) values (?, 0, 1)', [name])
  const counts = async () =>
    (await connection.execute('select count from shelf order by id')).map(({ count }) => count)
  const inScope = (sql: string) => app.scope(() => app.make('db.session').execute(sql))
  return { app, connection, counts, inScope }
}

const SERVERS = [
  {
    server: POSTGRES,
    timeout: "set local lock_timeout = '100ms'",
    idle: "set local idle_in_transaction_session_timeout = '100ms'",
    own: 'select pg_backend_pid() as id',
    isOpen: 'select pid from pg_stat_activity where pid = ?',
    limit: "set local statement_timeout = '50ms'",
    sleeping: 'select pg_sleep(10)',
  },
  {
    server: MARIADB,
    timeout: 'set innodb_lock_wait_timeout = 1',
    idle: 'set idle_transaction_timeout = 1',
    own: 'select connection_id() as id',
    isOpen: 'select id from information_schema.processlist where id = ?',
    limit: 'set max_statement_time = 0.05',
    // A sleep is ended without an error; a long count is not.
    sleeping: 'select count(*) from seq_1_to_100000 as a join seq_1_to_100000 as b',
  },
]

for (const { server, timeout, idle, own, isOpen, limit, sleeping } of SERVERS) {
  if (!(await isThere(server))) continue

  it(`${server.title}: ${AT_ONCE} serializable transactions on the same rows lose nothing, with bounded retries`, async () => {
    const driver = server.driver({ database: await emptyDatabase(server), pool: { max: 8 } })
    const { app, connection, counts } = await open(driver)
    let tries = 0
    const move = () =>
      app.make('db').transaction(
        async (session) => {
          tries++
          // Each reads what all of the others write, so that none may have read something old.
          const [sum] = await session.execute<{ n: unknown }[]>('select sum(count) as n from shelf')
          const next = Number(sum?.n) + 1
          await session.execute('update shelf set count = ? where id = 1', [next])
        },
        { isolation: 'serializable', retry: RETRIES },
      )
    await Promise.all(Array.from({ length: AT_ONCE }, move))
    expect(await counts()).toEqual([AT_ONCE, 0])
    expect(tries).toBeGreaterThan(AT_ONCE)
    expect(tries).toBeLessThan(AT_ONCE * RETRIES)
    expect(connection.pool).toEqual({ inUse: 0, waiting: 0 })
  })

  // MariaDB locks what a serializable transaction has read: there nobody else can write it meanwhile.
  it.skipIf(server === MARIADB)(
    `${server.title}: a unit of work that always meets others gives up after its last retry`,
    async () => {
      const { app, connection, counts, inScope } = await open(
        server.driver({ database: await emptyDatabase(server) }),
      )
      let tries = 0
      const unlucky = app.make('db').transaction(
        async (session) => {
          tries++
          await session.execute('select count from shelf where id = 1')
          await inScope('update shelf set count = count + 1 where id = 1')
          await session.execute('update shelf set count = count + 100 where id = 1')
        },
        { isolation: 'serializable', retry: 2 },
      )
      await expect(unlucky).rejects.toMatchObject({ code: 'LIMBER_RETRIES_EXHAUSTED', tries: 3 })
      expect([tries, await counts()]).toEqual([3, [3, 0]])
      expect(connection.pool).toEqual({ inUse: 0, waiting: 0 })
    },
  )

  it(`${server.title}: a lock that is not released in time is a conflict; the next unit of work succeeds`, async () => {
    const driver = server.driver({ database: await emptyDatabase(server), pool: { max: 3 } })
    const { app, connection, counts } = await open(driver)
    const impatient = () =>
      app.scope(async () => {
        const session = app.make('db.session')
        session.create(Shelf, { name: 'lost' })
        await session.flush()
        await session.execute(timeout)
        await session.execute('update shelf set count = count + 1 where id = 1')
      })
    const held = Promise.withResolvers<void>()
    const over = Promise.withResolvers<void>()
    const holder = app.scope(async () => {
      await app.make('db.session').execute('update shelf set count = count + 10 where id = 1')
      held.resolve()
      await over.promise
    })
    await held.promise
    await expect(impatient()).rejects.toMatchObject({
      code: 'LIMBER_TRANSACTION_CONFLICT',
      kind: 'conflict',
    })
    expect(connection.pool).toEqual({ inUse: 1, waiting: 0 })
    over.resolve()
    await holder
    expect(await counts()).toEqual([10, 0])
    await app.scope(() => app.make('db.session').execute('update shelf set count = count + 1 where id = 1'))
    expect(await counts()).toEqual([11, 0])
    expect(connection.pool).toEqual({ inUse: 0, waiting: 0 })
  })

  it(`${server.title}: a transaction that the server ends because nothing happens in it is a named error, and undone`, async () => {
    const { app, connection, counts } = await open(server.driver({ database: await emptyDatabase(server) }))
    const idling = app.scope(async () => {
      const session = app.make('db.session')
      await session.execute(idle)
      await session.execute('update shelf set count = 5')
      const [row] = await session.execute<{ id: unknown }[]>(own)
      await expect.poll(() => connection.execute(isOpen, [row?.id]), { timeout: 10_000 }).toEqual([])
      await session.execute('update shelf set count = 6')
    })
    await expect(idling).rejects.toMatchObject({ code: 'LIMBER_DATABASE_UNAVAILABLE', kind: 'unavailable' })
    expect(await counts()).toEqual([0, 0])
    expect(connection.pool).toEqual({ inUse: 0, waiting: 0 })
  })

  it(`${server.title}: a statement that takes longer than the server allows is a timeout, and undone`, async () => {
    const { app, connection, counts } = await open(server.driver({ database: await emptyDatabase(server) }))
    const slow = app.scope(async () => {
      const session = app.make('db.session')
      await session.execute('update shelf set count = 5')
      await session.execute(limit)
      await session.execute(sleeping)
    })
    await expect(slow).rejects.toMatchObject({ code: 'LIMBER_QUERY_TIMEOUT', kind: 'timeout' })
    expect(await counts()).toEqual([0, 0])
    expect(connection.pool).toEqual({ inUse: 0, waiting: 0 })
  })
}
