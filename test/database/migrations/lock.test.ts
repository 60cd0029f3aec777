import { once } from 'node:events'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { RunningLimber } from '../../support/run-limber.ts'
import { APART, execute, migration, type Place, places, writeHoldUp } from './place.ts'

const NAME = '20260101000002_slow'

/** It holds nothing but the lock while it is held up. */
const SLOW = migration('Slow', `await holdUp()\n    ${execute('insert into counter values (1)')}`, APART)

async function slowPlace(create: (pool?: number) => Promise<Place>, pool?: number): Promise<Place> {
  const place = await create(pool)
  writeHoldUp(place)
  place.write({
    '20260101000001_counter': migration('Counter', execute('create table counter (n integer)')),
    [NAME]: SLOW,
  })
  return place
}

function start(place: Place, ...argv: string[]): RunningLimber {
  const process = place.start(...argv)
  // A test that fails leaves nothing behind.
  onTestFinished(() => void process.child.kill('SIGKILL'))
  return process
}

/** Waits until a process says that it waits, and gives its words. */
async function complaint({ child }: RunningLimber): Promise<string> {
  if (!child.stderr) throw new Error('nobody listens')
  let said = ''
  while (!said.includes('\n')) said += String((await once(child.stderr, 'data'))[0])
  return said
}

describe.each(await places())('$title: of processes that migrate at once', ({ title, create }) => {
  const counted = (place: Place) => place.rows('select n from counter')

  it.each(title === 'SQLite' ? [1] : [1, 4])(
    'one goes first and the others wait, with %i connections each',
    async (pool) => {
      const place = await slowPlace(create, pool)
      const first = start(place, 'db', 'migrate')
      await first.wrote('held up')
      const others = [1, 2, 3].map(() => start(place, 'db', 'migrate'))
      const said = await Promise.all(others.map(complaint))
      expect(
        said.map((text) => /^Waiting: .*(process|connection) \d+ .* migrates the database\.$/m.test(text)),
      ).toEqual([true, true, true])
      expect(await counted(place)).toEqual([])
      place.letGo()
      const ended = await Promise.all([first, ...others].map((process) => process.ended))
      expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0])
      expect(ended.map(({ stdout }) => stdout.includes('Nothing to migrate.'))).toEqual([
        false,
        true,
        true,
        true,
      ])
      expect(await counted(place)).toEqual([{ n: 1 }])
    },
    60_000,
  )

  it('one that is killed blocks nobody', async () => {
    const place = await slowPlace(create)
    const first = start(place, 'db', 'migrate')
    await first.wrote('held up')
    const second = start(place, 'db', 'migrate')
    await complaint(second)
    first.child.kill('SIGKILL')
    await first.ended
    place.letGo()
    expect((await second.ended).code).toBe(0)
    expect(await counted(place)).toEqual([{ n: 1 }])
  }, 60_000)

  it('one that does not want to wait is told who migrates, and reading waits for nobody', async () => {
    const place = await slowPlace(create, 1)
    const first = start(place, 'db', 'migrate')
    await first.wrote('held up')
    const test = await place.open()
    const { exitCode, stderr } = await test.run('db', 'migrate', '--wait', '0')
    expect([exitCode, stderr]).toEqual([5, expect.stringContaining('[LIMBER_MIGRATION_LOCKED]')])
    expect(stderr).toMatch(/(process|connection) \d+ .* still migrates it/)
    expect(stderr).not.toContain('password')
    const configured = await place.open({ migrations: { lockTimeout: 10 } })
    expect((await configured.run('db', 'migrate')).stderr).toContain('within 0.01 s')
    expect((await test.run('db', 'status')).exitCode).toBe(0)
    place.letGo()
    await first.ended
    expect(await test.run('db', 'migrate', '--wait', '0')).toMatchObject({ exitCode: 0, stderr: '' })
  }, 60_000)

  it('--no-lock does not wait', async () => {
    const place = await slowPlace(create)
    const first = start(place, 'db', 'migrate')
    await first.wrote('held up')
    place.write({ [NAME]: migration('Quick', execute('insert into counter values (2)'), APART) })
    const test = await place.open()
    const { exitCode, stdout } = await test.run('db', 'migrate', '--no-lock')
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`Applied ${NAME}`)])
    expect(await counted(place)).toEqual([{ n: 2 }])
  }, 60_000)
})

it('the lock is given back, also after a migration that failed', async () => {
  for (const { create } of await places()) {
    const place = await create(1)
    place.write({ '20260101000001_broken': migration('Broken', execute('this is no SQL')) })
    // The first stays open, and with it the connection that had the lock.
    const [first, second] = [await place.open(), await place.open()]
    for (const test of [first, second])
      expect((await test.run('db', 'migrate', '--wait=0')).stderr).toContain('LIMBER_MIGRATION_FAILED')
    expect(first.make('db.connection').pool).toEqual({ inUse: 0, waiting: 0 })
  }
})
