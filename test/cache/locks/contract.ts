/** @module What locks do, wherever they are kept. */
import { type Lock, type Locker, LockLostError, LockTimeoutError } from 'limber/cache'
import { describe, expect, it } from 'vitest'
import type { StoreUnderTest } from '../every-store.ts'
import { openStore, type TestClock, testClock } from '../stores/support.ts'

interface Opened {
  readonly locker: Locker
  readonly clock: TestClock
  /** The locker of another process: the same one, where memory is all there is. */
  another(): Promise<Locker>
}

type Start = () => Promise<Opened>

export function describeLocks({ title, open }: StoreUnderTest): void {
  const start = async (): Promise<Opened> => {
    const clock = testClock()
    const { driver, options, isShared = true } = await open()
    const openLocker = async () => (await openStore(driver, { ...options, clock })).app.make('cache.locker')
    const locker = await openLocker()
    return { locker, clock, another: async () => (isShared ? openLocker() : locker) }
  }
  describe(`Locks in ${title}`, () => {
    describeHolding(start)
    describeFences(start)
    describeWaiting(start)
    describeCrowd(start)
  })
}

async function had(lock: Promise<Lock | undefined>): Promise<Lock> {
  const found = await lock
  if (!found) throw new Error('The lock is held by somebody else.')
  return found
}

function describeHolding(start: Start): void {
  it('one has it at a time, and gives it back', async () => {
    const { locker, another } = await start()
    const other = await another()
    const lock = await locker.acquire('reports')
    expect(await locker.tryAcquire('reports')).toBeUndefined()
    expect(await other.tryAcquire('reports')).toBeUndefined()
    expect(await other.tryAcquire('Reports')).toBeDefined()
    expect(await lock.release()).toBe(true)
    expect(lock.isHeld()).toBe(false)
    const next = await had(other.tryAcquire('reports'))
    expect(await lock.release()).toBe(false)
    expect(next.isHeld()).toBe(true)
    expect(await locker.tryAcquire('reports')).toBeUndefined()
  })

  it('it ends by itself, and who had it can neither extend nor release the lock of the next one', async () => {
    const { locker, clock, another } = await start()
    const lock = await locker.acquire('reports', { ttl: 1_000 })
    expect(lock.expiresAt).toBe(clock.time + 1_000)
    clock.time += 999
    expect(lock.isHeld()).toBe(true)
    expect(await (await another()).tryAcquire('reports')).toBeUndefined()
    clock.time += 1
    const next = await had((await another()).tryAcquire('reports', { ttl: 1_000 }))
    expect(lock.isHeld()).toBe(false)
    expect(() => lock.refuseLost()).toThrow(LockLostError)
    expect(lock.signal.reason).toMatchObject({ code: 'LIMBER_LOCK_LOST', lock: 'reports' })
    await expect(lock.extend(1_000)).rejects.toThrow(LockLostError)
    expect(await lock.release()).toBe(false)
    expect(await locker.tryAcquire('reports')).toBeUndefined()
    expect(await next.release()).toBe(true)
  })

  it('whose clock is slow finds out when it extends', async () => {
    const { locker, clock, another } = await start()
    const lock = await locker.acquire('reports', { ttl: 1_000 })
    clock.time += 1_000
    await had((await another()).tryAcquire('reports'))
    clock.time -= 1_000
    expect(lock.isHeld()).toBe(true)
    const lost = lock.signal
    await expect(lock.extend(1_000)).rejects.toThrow(LockLostError)
    expect(lost.aborted).toBe(true)
  })

  it('an extension counts from now', async () => {
    const { locker, clock, another } = await start()
    const other = await another()
    const lock = await locker.acquire('reports', { ttl: 1_000 })
    clock.time += 900
    await lock.extend(1_000)
    clock.time += 999
    expect(lock.isHeld()).toBe(true)
    expect(await other.tryAcquire('reports')).toBeUndefined()
    clock.time += 1
    expect(await other.tryAcquire('reports')).toBeDefined()
  })

  it('names of any letters are names of their own', async () => {
    const { locker } = await start()
    const names = ['a', 'A', 'a ', 'a:b', 'é', "'; --", '\0', 'k'.repeat(5_000), `${'k'.repeat(5_000)}l`]
    for (const name of names) expect((await had(locker.tryAcquire(name))).name).toBe(name)
    for (const name of names) expect(await locker.tryAcquire(name)).toBeUndefined()
  })
}

function describeFences(start: Start): void {
  it('each fence is larger than the one before, also when the clock stands still or goes back', async () => {
    const { locker, clock, another } = await start()
    const other = await another()
    const fences: number[] = []
    for (let turn = 0; turn < 10; turn++) {
      await using lock = await (turn % 2 ? other : locker).acquire('reports', { wait: 0 })
      fences.push(lock.fence)
      if (turn === 5) clock.time -= 60_000
    }
    const grown = fences.filter((fence, index) => fence > (fences[index - 1] ?? 0))
    expect(grown).toEqual(fences)
    expect(fences[0]).toBe(clock.time + 60_000)
  })

  it('a fence is larger than the one before, also when what is kept of the lock is gone', async () => {
    const { locker, clock } = await start()
    const lock = await locker.acquire('reports', { ttl: 1_000 })
    clock.time += 7 * 86_400_000
    const next = await locker.acquire('reports')
    expect(next.fence).toBeGreaterThan(lock.fence)
  })
}

function describeWaiting(start: Start): void {
  it('who waits has it as soon as it is released', async () => {
    const { locker, another } = await start()
    const lock = await locker.acquire('reports')
    const waiting = (await another()).acquire('reports', { wait: 60_000 })
    const here = locker.acquire('reports', { wait: 60_000 })
    await lock.release()
    const first = await Promise.race([waiting, here])
    await first.release()
    await Promise.all([waiting, here])
  })

  it('who waits has it as soon as its time is over', async () => {
    const { locker, clock, another } = await start()
    await locker.acquire('reports', { ttl: 1_000 })
    const waiting = (await another()).acquire('reports', { wait: 60_000 })
    clock.time += 1_000
    expect((await waiting).isHeld()).toBe(true)
  })

  it('who has waited long enough gets an error', async () => {
    const { locker, another } = await start()
    await locker.acquire('reports')
    for (const wait of [0, 20]) {
      const failure = (await another()).acquire('reports', { wait })
      await expect(failure).rejects.toThrow(LockTimeoutError)
      await expect(failure).rejects.toMatchObject({ code: 'LIMBER_LOCK_TIMEOUT', kind: 'conflict' })
    }
  })

  it('in one process those who come first have it first', async () => {
    const { locker } = await start()
    const first = await locker.acquire('reports')
    const order: number[] = []
    const waiting = Array.from({ length: 10 }, (_, index) =>
      locker.run('reports', { wait: 60_000 }, () => void order.push(index)),
    )
    await first.release()
    await Promise.all(waiting)
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(order).toHaveLength(10)
  })
}

function describeCrowd(start: Start): void {
  it('of many who ask at once one has it', async () => {
    const { locker, another } = await start()
    const other = await another()
    const asked = await Promise.all(
      Array.from({ length: 64 }, (_, index) => (index % 2 ? other : locker).tryAcquire('reports')),
    )
    expect(asked.filter((lock) => lock !== undefined)).toHaveLength(1)
  })

  it('what many read, change and write back with a lock loses nothing', async () => {
    const { locker, another } = await start()
    const other = await another()
    let shared = 0
    let inside = 0
    const add = () => async () => {
      expect(++inside).toBe(1)
      const read = shared
      await new Promise((resolve) => setImmediate(resolve))
      shared = read + 1
      inside--
    }
    await Promise.all(
      Array.from({ length: 64 }, (_, index) =>
        (index % 2 ? other : locker).run('counter', { wait: 60_000 }, add()),
      ),
    )
    expect(shared).toBe(64)
  })
}
