import { LimberError } from 'limber'
import { InvalidLockError, type Lock, LockLostError, memoryStore } from 'limber/cache'
import { pino } from 'pino'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type CacheStore, type CacheStoreDriver, openStore, testClock } from '../stores/support.ts'

/** Memory that writes down what it is asked, and may be away. */
class WatchedStore {
  readonly calls: string[] = []
  isAway = false
  /** Whether the next call does what it should, and fails all the same. */
  losesAnswer = false
  /** What the answer of the next change waits for. */
  answersAfter: Promise<void> | undefined

  get driver(): CacheStoreDriver {
    return { name: 'watched', open: async (facts) => this.#around(await memoryStore().open(facts)) }
  }

  #around(store: CacheStore): CacheStore {
    return new Proxy(store, {
      get: (target, key) => {
        const method: unknown = Reflect.get(target, key)
        if (typeof method !== 'function') return method
        return async (...values: unknown[]) => {
          this.calls.push(String(key))
          if (this.isAway && key !== 'close') throw new Error('The store is away.')
          const { answersAfter } = this
          if (key === 'replace') this.answersAfter = undefined
          const answer: unknown = await method.apply(target, values)
          if (key === 'replace') await answersAfter
          if (!this.losesAnswer) return answer
          this.losesAnswer = false
          throw new Error('The connection is lost.')
        }
      },
    })
  }
}

async function open() {
  const clock = testClock()
  const store = new WatchedStore()
  const { app } = await openStore(store.driver, { clock })
  return { app, clock, store, locker: app.make('cache.locker') }
}

class BrokenError extends LimberError {
  readonly code = 'TEST_BROKEN'
  readonly kind = 'internal'
}

describe('run()', () => {
  test('gives what the function gives, and releases the lock', async () => {
    const { locker } = await open()
    expect(await locker.run('a', {}, async (lock) => lock.fence)).toBeGreaterThan(0)
    expect(await locker.run('a', { wait: 0 }, () => 'again')).toBe('again')
  })

  test('releases the lock also when the function fails, and gives its error', async () => {
    const { locker } = await open()
    const failing = locker.run('a', {}, () => Promise.reject(new BrokenError('no')))
    await expect(failing).rejects.toThrow(BrokenError)
    expect(await locker.tryAcquire('a')).toBeDefined()
  })

  test('gives the error of the function also when the lock cannot be released', async () => {
    const { locker, store } = await open()
    const failing = locker.run('a', {}, () => {
      store.isAway = true
      throw new BrokenError('no')
    })
    await expect(failing).rejects.toThrow(BrokenError)
  })

  test('logs that a lock could not be released, which ends by itself', async () => {
    const { app, locker, store, clock } = await open()
    const lines: string[] = []
    using _log = app.swap('log', pino({}, { write: (line) => void lines.push(line) }))
    const result = await locker.run('a', { ttl: 1_000 }, () => {
      store.isAway = true
      return 'done'
    })
    expect(result).toBe('done')
    expect(lines).toEqual([expect.stringContaining('The lock \\"a\\" could not be released')])
    store.isAway = false
    clock.time += 1_000
    expect(await locker.tryAcquire('a')).toBeDefined()
  })

  test('says that the lock was lost while the function ran, though that has succeeded', async () => {
    const { locker, clock } = await open()
    const late = locker.run('a', { ttl: 1_000 }, () => {
      clock.time += 1_000
    })
    await expect(late).rejects.toThrow(LockLostError)
    const failing = locker.run('a', { ttl: 1_000 }, () => {
      clock.time += 1_000
      throw new BrokenError('no')
    })
    await expect(failing).rejects.toThrow(BrokenError)
  })

  test('is content with a function that has released the lock itself', async () => {
    const { locker } = await open()
    expect(await locker.run('a', {}, (lock) => lock.release())).toBe(true)
  })

  test('renews the lock as long as the function runs', async () => {
    const { locker, clock } = await open()
    const began = clock.time
    await locker.run('a', { ttl: 30, renew: true }, async (lock) => {
      for (let turn = 0; turn < 4; turn++) {
        clock.time += 20
        await vi.waitFor(() => expect(lock.expiresAt).toBe(clock.time + 30), { interval: 1 })
      }
      expect(clock.time - began).toBeGreaterThan(30)
      expect(await locker.tryAcquire('a')).toBeUndefined()
    })
    expect(await locker.tryAcquire('a')).toBeDefined()
  })

  test('goes on renewing when the store was away for a moment, and is aborted when that was too long', async () => {
    const { locker, clock, store } = await open()
    const run = locker.run('a', { ttl: 30, renew: true }, async (lock) => {
      clock.time += 20
      store.isAway = true
      const calls = store.calls.length
      await vi.waitFor(() => expect(store.calls.length).toBeGreaterThan(calls), { interval: 1 })
      store.isAway = false
      await vi.waitFor(() => expect(lock.expiresAt).toBe(clock.time + 30), { interval: 1 })
      store.isAway = true
      const { signal } = lock
      clock.time += 30
      await vi.waitFor(() => expect(signal.aborted).toBe(true), { interval: 1 })
      store.isAway = false
    })
    await expect(run).rejects.toThrow(LockLostError)
  })
})

test('a lock ends with the block that uses it', async () => {
  const { locker } = await open()
  {
    await using lock = await locker.acquire('a')
    expect(lock.isHeld()).toBe(true)
  }
  expect(await locker.tryAcquire('a')).toBeDefined()
})

test('a lock that was taken in a unit of work is held also when that is rolled back', async () => {
  const { app, locker } = await open()
  const held: Lock[] = []
  const rolledBack = app.scope(async () => {
    held.push(await locker.acquire('a'))
    throw new BrokenError('no')
  })
  await expect(rolledBack).rejects.toThrow(BrokenError)
  expect(await locker.tryAcquire('a')).toBeUndefined()
  expect(await held[0]?.release()).toBe(true)
})

test('a lock whose extension was answered by nobody can be released all the same', async () => {
  const { locker, store, clock } = await open()
  const lock = await locker.acquire('a', { ttl: 1_000 })
  store.losesAnswer = true
  clock.time += 500
  await expect(lock.extend(1_000)).rejects.toThrow('The connection is lost.')
  expect(await lock.release()).toBe(true)
  expect(await locker.tryAcquire('a')).toBeDefined()
})

test('a lock is extended and released at once without harm', async () => {
  const { locker } = await open()
  const lock = await locker.acquire('a', { ttl: 1_000 })
  const [extended, released] = await Promise.allSettled([lock.extend(2_000), lock.release()])
  expect(released).toEqual({ status: 'fulfilled', value: true })
  expect(extended.status === 'fulfilled' || extended.reason instanceof LockLostError).toBe(true)
  expect(lock.isHeld()).toBe(false)
  expect(await locker.tryAcquire('a')).toBeDefined()
})

test('a lock is held no longer than the store says, in whatever order its answers come', async () => {
  const { locker, store, clock } = await open()
  const lock = await locker.acquire('a', { ttl: 1_000 })
  const { promise, resolve } = Promise.withResolvers<void>()
  store.answersAfter = promise
  const extended = [lock.extend(60_000), lock.extend(1_000)]
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
  resolve()
  await Promise.all(extended)
  clock.time += 1_000
  expect(await locker.tryAcquire('a')).toBeDefined()
  expect(lock.isHeld()).toBe(false)
})

test('those who wait in one process ask the store as one', async () => {
  const { locker, store } = await open()
  const lock = await locker.acquire('a')
  const ending = new AbortController()
  const before = store.calls.length
  const waiting = Array.from({ length: 50 }, () => locker.acquire('a', { signal: ending.signal }))
  const settled = Promise.allSettled(waiting)
  await vi.waitFor(() => expect(store.calls.length).toBeGreaterThan(before + 3), { interval: 1 })
  expect(store.calls.length).toBeLessThan(before + 20)
  ending.abort(new BrokenError('enough'))
  expect(new Set((await settled).map((end) => end.status === 'rejected' && end.reason.code))).toEqual(
    new Set(['TEST_BROKEN']),
  )
  expect(await lock.release()).toBe(true)
  expect(await locker.tryAcquire('a')).toBeDefined()
})

test('a lock that is released in the same process is had without asking again and again', async () => {
  const { locker, store } = await open()
  const lock = await locker.acquire('a')
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const before = store.calls.length
  const waiting = locker.acquire('a')
  while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve))
  expect(store.calls.length).toBe(before + 1)
  await lock.release()
  expect((await waiting).isHeld()).toBe(true)
})

test('nobody waits whose signal was aborted before', async () => {
  const { locker, store } = await open()
  await expect(locker.acquire('a', { signal: AbortSignal.abort() })).rejects.toThrow(/aborted/)
  expect(store.calls).toEqual([])
})

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 10 ** 12])(
  'a ttl of %d is refused',
  async (ttl) => {
    const { locker } = await open()
    await expect(locker.acquire('a', { ttl })).rejects.toThrow(InvalidLockError)
    await expect(locker.tryAcquire('a', { ttl })).rejects.toMatchObject({
      code: 'LIMBER_INVALID_LOCK',
      message: `A lock cannot have ${ttl} as its ttl.`,
    })
    await using lock = await locker.acquire('a')
    await expect(lock.extend(ttl)).rejects.toThrow(InvalidLockError)
  },
)

test('a wait that is none and a name that is empty are refused', async () => {
  const { locker } = await open()
  for (const wait of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
    await expect(locker.acquire('a', { wait })).rejects.toThrow(/as its wait/)
  await expect(locker.acquire('')).rejects.toThrow(/"" as its name/)
})
