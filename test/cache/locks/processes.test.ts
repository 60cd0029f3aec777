import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileStore } from 'limber/cache'
import { DatabaseServiceProvider } from 'limber/database'
import { sqlite } from 'limber/database/sqlite'
import { expect, test } from 'vitest'
import { emptyFolder } from '../../support/app-folder.ts'
import { Child } from '../child.ts'
import { openStore, testClock } from '../stores/support.ts'

const WORKER = 'test/cache/locks/worker.ts'
const WRITE = 'update accounts set owner = ?, fence = ? where id = 1 and fence < ? returning id'

/** This process, whose clock is the test's, beside workers that go by the real one. */
async function shared() {
  const folder = emptyFolder()
  const clock = testClock()
  clock.time = Date.now()
  const { app } = await openStore(fileStore(), {
    clock,
    prefix: 'shared',
    root: folder,
    config: { database: { default: 'main', connections: { main: sqlite({ file: 'accounts.sqlite' }) } } },
    providers: [(app) => new DatabaseServiceProvider(app)],
  })
  await app.ready(['db'])
  const db = app.make('db.connection')
  await db.execute('create table accounts (id integer primary key, owner text, fence integer not null)')
  await db.execute('insert into accounts values (1, ?, 0)', ['nobody'])
  const worker = () => new Child(WORKER, { SHARED_FOLDER: folder })
  return { folder, clock, db, locker: app.make('cache.locker'), worker }
}

test('a lock whose holder was killed is free when its time is over', async () => {
  const { clock, locker, worker } = await shared()
  const holder = worker()
  const { fence } = Object(await holder.ask('hold'))
  await holder.kill()
  expect(await locker.tryAcquire('account')).toBeUndefined()
  clock.time = Date.now() + 60_000
  const lock = await locker.acquire('account', { wait: 0 })
  expect(lock.fence).toBeGreaterThan(fence)
})

test('what a holder writes that was away too long is refused by the fence in the row', async () => {
  const { clock, locker, db, worker } = await shared()
  const stalled = worker()
  await stalled.ask('hold')
  // For the others its time is over; it has not heard of it.
  clock.time = Date.now() + 60_000
  const lock = await locker.acquire('account', { wait: 0 })
  expect(await db.execute(WRITE, ['test', lock.fence, lock.fence])).toHaveLength(1)
  expect(await stalled.ask('write')).toEqual({ believes: true, rows: 0 })
  expect(await db.execute('select owner, fence from accounts')).toEqual([
    { owner: 'test', fence: lock.fence },
  ])
})

test('two processes with many turns each never write the same count twice', async () => {
  const { folder, worker } = await shared()
  const counter = path.join(folder, 'counter')
  writeFileSync(counter, '0')
  const counts = await Promise.all([worker().ask('count 32'), worker().ask('count 32')])
  expect(counts).toEqual([{ done: 32 }, { done: 32 }])
  expect(readFileSync(counter, 'utf8')).toBe('64')
})
