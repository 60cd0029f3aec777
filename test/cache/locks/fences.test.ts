import { memoryStore } from 'limber/cache'
import { DatabaseServiceProvider } from 'limber/database'
import { describe, expect, test } from 'vitest'
import { emptyDatabase, isThere, MARIADB, POSTGRES } from '../../database/support/servers.ts'
import { everyStore } from '../every-store.ts'
import { openStore, testClock } from '../stores/support.ts'

describe.each(await everyStore())('with $title', ({ open }) => {
  test('what is written into the cache under a lock that has gone on is refused', async () => {
    const clock = testClock()
    const { driver, options } = await open()
    const { app } = await openStore(driver, { ...options, clock })
    await app.ready(['cache'])
    const [cache, locker] = [app.make('cache'), app.make('cache.locker')]
    const late = await locker.acquire('report', { ttl: 1_000 })
    await cache.set('report', 'early', { fence: late.fence })
    clock.time += 1_000
    const lock = await locker.acquire('report')
    await cache.set('report', 'new', { fence: lock.fence })
    const refused = cache.set('report', 'late', { fence: late.fence })
    await expect(refused).rejects.toMatchObject({ code: 'LIMBER_STALE_LOCK' })
    expect(await cache.get('report')).toBe('new')
  })
})

for (const server of [POSTGRES, MARIADB]) {
  if (!(await isThere(server))) continue
  test(`what is written into a row of ${server.title} under a lock that has gone on is refused`, async () => {
    const clock = testClock()
    const driver = server.driver({ database: await emptyDatabase(server) })
    const { app } = await openStore(memoryStore(), {
      clock,
      config: { database: { default: 'main', connections: { main: driver } } },
      providers: [(app) => new DatabaseServiceProvider(app)],
    })
    await app.ready(['db'])
    const [db, locker] = [app.make('db.connection'), app.make('cache.locker')]
    await db.execute('create table accounts (id int primary key, owner varchar(9), fence bigint not null)')
    await db.execute("insert into accounts values (1, 'nobody', 0)")
    const write = (owner: string, fence: number) =>
      db.execute('update accounts set owner = ?, fence = ? where id = 1 and fence < ?', [owner, fence, fence])
    const late = await locker.acquire('account', { ttl: 1_000 })
    clock.time += 1_000
    const lock = await locker.acquire('account')
    await write('new', lock.fence)
    await write('late', late.fence)
    expect(await db.execute('select owner from accounts')).toEqual([{ owner: 'new' }])
  })
}
