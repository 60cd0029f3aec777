import { type Application, afterCommit } from 'limber'
import { describe, expect, test, vi } from 'vitest'
import { type Driver, type OpenedCache, openCache, sharedStore, until } from './support.ts'

/** A factory that the test lets finish. */
function slow<T>(value: T) {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const factory = vi.fn(() => promise)
  return { factory, finish: () => resolve(value), fail: (error: Error) => reject(error) }
}

describe('a value that is not there', () => {
  test('is computed once for 200 who ask at the same time', async () => {
    const { cache } = await openCache()
    const { factory, finish } = slow({ books: 3 })
    const asking = Array.from({ length: 200 }, () => cache.getOrSet('key', factory))
    await until(() => factory.mock.calls.length > 0)
    asking.push(...Array.from({ length: 200 }, () => cache.getOrSet('key', factory)))
    finish()
    const values = await Promise.all(asking)
    expect(factory).toHaveBeenCalledTimes(1)
    expect(new Set(values.map((value) => JSON.stringify(value)))).toEqual(new Set(['{"books":3}']))
    // Each has a copy of its own.
    expect(new Set(values).size).toBe(400)
    expect(cache.filling).toBe(0)
  })

  test('is computed once for two processes', async () => {
    const stores = { main: sharedStore() }
    const [one, two] = [await openCache({ stores }), await openCache({ stores })]
    const { factory, finish } = slow('value')
    const asking = [one, two].flatMap(({ cache }) =>
      Array.from({ length: 100 }, () => cache.getOrSet('key', factory)),
    )
    await until(() => factory.mock.calls.length > 0)
    await until(() => one.cache.filling === 1 && two.cache.filling === 1)
    finish()
    expect(new Set(await Promise.all(asking))).toEqual(new Set(['value']))
    expect(factory).toHaveBeenCalledTimes(1)
    await until(() => one.cache.filling + two.cache.filling === 0)
  })

  test('is the same for who had it computed and for who finds it', async () => {
    const { cache } = await openCache()
    const first = await cache.getOrSet('key', () => ({ at: new Date(0), left: undefined }))
    expect(first).toEqual({ at: '1970-01-01T00:00:00.000Z' })
    expect(await cache.get('key')).toEqual(first)
  })

  test.for([0, '', false, null])('is kept when it is %j', async (value) => {
    const { cache } = await openCache()
    const factory = vi.fn(() => value)
    expect(await cache.getOrSet('key', factory)).toBe(value)
    expect(await cache.getOrSet('key', factory)).toBe(value)
    expect(factory).toHaveBeenCalledTimes(1)
  })

  test('is given and not kept when it is undefined', async () => {
    const { cache } = await openCache()
    const factory = vi.fn(() => undefined)
    expect(await cache.getOrSet('key', factory)).toBeUndefined()
    expect(await cache.getOrSet('key', factory)).toBeUndefined()
    expect(factory).toHaveBeenCalledTimes(2)
  })

  test('fails for all who wait when it cannot be computed, and is computed anew by the next', async () => {
    const { cache } = await openCache()
    const { factory, fail } = slow(1)
    const asking = Array.from({ length: 3 }, () => cache.getOrSet('key', factory))
    await until(() => factory.mock.calls.length > 0)
    fail(new Error('the shop is closed'))
    const results = await Promise.allSettled(asking)
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(await cache.getOrSet('key', () => 2)).toBe(2)
  })

  test('that JSON would lose is refused, and does not block the key', async () => {
    const { cache } = await openCache()
    await expect(cache.getOrSet('key', () => ({ id: 1n }))).rejects.toMatchObject({
      code: 'LIMBER_CACHE_VALUE',
    })
    expect(await cache.getOrSet('key', () => 2)).toBe(2)
  })

  test('is computed in a unit of work of its own', async () => {
    const { app, cache } = await openCache()
    const committed: string[] = []
    const refused = app.scope(async (scope) => {
      const inside = await cache.getOrSet('key', () => {
        afterCommit(() => committed.push('factory'))
        return app.currentScope()?.id ?? null
      })
      expect(inside).not.toBe(scope.id)
      throw new Error('refused')
    })
    await expect(refused).rejects.toThrow('refused')
    expect(committed).toEqual(['factory'])
  })

  test('cannot wait for itself', async () => {
    const { cache } = await openCache()
    const circle = (): Promise<number> => cache.getOrSet('key', async () => 1 + (await circle()))
    await expect(circle()).rejects.toMatchObject({ code: 'LIMBER_CACHE_CIRCLE' })
  })

  test('cannot wait for itself while the application boots, nor after its key was forgotten', async () => {
    const errors: unknown[] = []
    const boot = async (app: Application) => {
      await app.ready(['cache'])
      const cache = app.make('cache')
      const circle = (): Promise<number> => cache.getOrSet('key', async () => 1 + (await circle()))
      errors.push(await circle().catch((error: unknown) => error))
      const again = async (): Promise<number> => {
        await cache.delete('key')
        return cache.getOrSet('key', again)
      }
      errors.push(await again().catch((error: unknown) => error))
    }
    await openCache({ boot })
    const circle = expect.objectContaining({ code: 'LIMBER_CACHE_CIRCLE' })
    expect(errors).toEqual([circle, circle])
  })

  test('two that wait for each other are refused, whoever of them was asked for first', async () => {
    const { cache } = await openCache()
    const begun = { a: Promise.withResolvers<void>(), b: Promise.withResolvers<void>() }
    const compute = (key: 'a' | 'b', other: 'a' | 'b'): Promise<number> =>
      cache.getOrSet(key, async () => {
        begun[key].resolve()
        await begun[other].promise
        return 1 + (await compute(other, key))
      })
    const both = await Promise.allSettled([compute('a', 'b'), compute('b', 'a')])
    const refused = { status: 'rejected', reason: expect.objectContaining({ code: 'LIMBER_CACHE_CIRCLE' }) }
    expect(both).toEqual([refused, refused])
    expect(cache.filling).toBe(0)
  })

  test('may be made of others', async () => {
    const { cache } = await openCache()
    const sum = await cache.getOrSet('sum', async () => {
      const parts = await Promise.all(['a', 'b'].map((key) => cache.getOrSet(key, () => 1)))
      return parts.reduce((total, part) => total + part, 0)
    })
    expect(sum).toBe(2)
  })
})

test('ten thousand keys leave nothing behind in the cache itself', async () => {
  const { cache } = await openCache()
  const keys = Array.from({ length: 10_000 }, (_, index) => `key ${index}`)
  await Promise.all(keys.map((key) => cache.getOrSet(key, () => key, { ttl: 1_000 })))
  expect(cache.filling).toBe(0)
})

describe('what happens while a value is computed', () => {
  test.for([
    ['its key is deleted', (cache) => cache.delete('key')],
    ['its tag is deleted', (cache) => cache.deleteTag('books')],
    ['the cache is cleared', (cache) => cache.clear()],
  ] as [string, (cache: OpenedCache['cache']) => Promise<void>][])('is not lost: %s', async ([, forget]) => {
    const { cache } = await openCache()
    const [before, after] = [slow('before'), slow('after')]
    const first = cache.getOrSet('key', before.factory, { tags: ['books'] })
    await until(() => before.factory.mock.calls.length > 0)
    await forget(cache)
    // Who asks now is not given what was computed from before.
    const second = cache.getOrSet('key', after.factory, { tags: ['books'] })
    await until(() => after.factory.mock.calls.length > 0)
    before.finish()
    expect(await first).toBe('before')
    expect(await cache.get('key')).toBeUndefined()
    after.finish()
    expect(await second).toBe('after')
    expect(await cache.get('key')).toBe('after')
  })

  test('a value that is set meanwhile stays', async () => {
    const { cache } = await openCache()
    const { factory, finish } = slow('computed')
    const asking = cache.getOrSet('key', factory)
    await until(() => factory.mock.calls.length > 0)
    expect(await cache.get('key')).toBeUndefined()
    expect(await cache.add('key', 'set')).toBe(true)
    finish()
    expect(await asking).toBe('computed')
    expect(await cache.get('key')).toBe('set')
  })
})

describe('grace', () => {
  const options = { ttl: 1_000, grace: 10_000 }

  async function withStale() {
    const stores = { main: sharedStore() }
    const opened = await openCache({ stores })
    await opened.cache.getOrSet('key', () => 'old', options)
    opened.clock.time += 1_000
    return { ...opened, stores }
  }

  test('is not given by get', async () => {
    const { cache } = await withStale()
    expect(await cache.get('key')).toBeUndefined()
    expect(await cache.entry('key')).toBeUndefined()
    expect(await cache.take('key')).toBeUndefined()
  })

  test('gives the old value when a new one cannot be computed, and tells the log', async () => {
    const { cache, clock, log } = await withStale()
    const failing = vi.fn(() => Promise.reject(new Error('the shop is closed')))
    expect(await cache.getOrSet('key', failing, options)).toBe('old')
    expect(await cache.getOrSet('key', failing, options)).toBe('old')
    expect(failing).toHaveBeenCalledTimes(2)
    expect(log.map(({ err }) => err?.message)).toEqual(['the shop is closed', 'the shop is closed'])
    clock.time += 10_000
    await expect(cache.getOrSet('key', failing, options)).rejects.toThrow('the shop is closed')
  })

  test('gives the old value at once while another one computes a new one, also in another process', async () => {
    const { cache, clock, stores } = await withStale()
    const other = await openCache({ stores })
    other.clock.time = clock.time
    const { factory, finish } = slow('new')
    const first = cache.getOrSet('key', factory, options)
    await until(() => factory.mock.calls.length > 0)
    expect(await cache.getOrSet('key', factory, options)).toBe('old')
    expect(await other.cache.getOrSet('key', factory, options)).toBe('old')
    finish()
    expect(await first).toBe('new')
    expect(await other.cache.getOrSet('key', factory, options)).toBe('new')
    expect(factory).toHaveBeenCalledTimes(1)
  })

  test('gives the old value when the new one takes too long, which is kept when it is there', async () => {
    const { app, cache } = await withStale()
    const { factory, finish } = slow('new')
    const asked = app.scope(() => cache.getOrSet('key', factory, { ...options, timeout: 0 }))
    expect(await asked).toBe('old')
    expect(factory).toHaveBeenCalledTimes(1)
    finish()
    await until(() => cache.filling === 0)
    expect(await cache.get('key')).toBe('new')
  })

  test('is waited for without an end where the timeout says so', async () => {
    const { cache, clock } = await openCache()
    await cache.set('key', 'old', { ttl: 1_000, grace: 1_000 })
    clock.time += 1_000
    for (const timeout of [Number.POSITIVE_INFINITY, 2 ** 31]) {
      const late = () => new Promise<string>((resolve) => setTimeout(resolve, 20, 'new'))
      expect(await cache.getOrSet('key', late, { ttl: 1_000, timeout })).toBe('new')
      await cache.set('key', 'old', { ttl: 1_000, grace: 1_000 })
      clock.time += 1_000
    }
  })

  test('is over with a deletion of its tag', async () => {
    const { cache, clock } = await openCache()
    await cache.getOrSet('key', () => 'old', { ...options, tags: ['books'] })
    clock.time += 1_000
    await cache.deleteTag('books')
    const failing = () => Promise.reject(new Error('the shop is closed'))
    await expect(cache.getOrSet('key', failing, { ...options, tags: ['books'] })).rejects.toThrow('closed')
  })
})

describe('a process that dies while it computes', () => {
  test('delays others by ten seconds at most', async () => {
    const stores = { main: sharedStore() }
    const [dead, other] = [await openCache({ stores }), await openCache({ stores })]
    void dead.cache.getOrSet('key', () => new Promise(() => undefined)).catch(() => undefined)
    await until(() => dead.cache.filling === 1)
    const { factory, finish } = slow('value')
    finish()
    const asking = other.cache.getOrSet('key', factory)
    await until(() => other.cache.filling === 1)
    expect(factory).not.toHaveBeenCalled()
    // The store has the clock of the one that opened it first.
    for (const { clock } of [dead, other]) clock.time += 10_000
    expect(await asking).toBe('value')
  })

  test('delays nobody when the clock was set back since', async () => {
    const stores = { main: sharedStore() }
    const [dead, other] = [await openCache({ stores }), await openCache({ stores })]
    void dead.cache.getOrSet('key', () => new Promise(() => undefined)).catch(() => undefined)
    await until(() => dead.cache.filling === 1)
    for (const { clock } of [dead, other]) clock.time -= 3_600_000
    expect(await other.cache.getOrSet('key', () => 'value')).toBe('value')
  })

  test('is not one that only takes long: its lease goes on', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] })
    try {
      const stores = { main: sharedStore() }
      const [busy, other] = [await openCache({ stores }), await openCache({ stores })]
      const { factory, finish } = slow('value')
      const first = busy.cache.getOrSet('key', factory)
      await until(() => factory.mock.calls.length > 0)
      for (let step = 0; step < 5; step++) {
        for (const { clock } of [busy, other]) clock.time += 4_000
        await vi.advanceTimersByTimeAsync(4_000)
      }
      const second = other.cache.getOrSet('key', factory)
      await until(() => other.cache.filling === 1)
      finish()
      expect([await first, await second]).toEqual(['value', 'value'])
      expect(factory).toHaveBeenCalledTimes(1)
      expect(await busy.cache.get('key')).toBe('value')
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('a store that does not answer', () => {
  async function away() {
    const state = { isAway: true }
    const main = sharedStore(() => {
      if (state.isAway) throw new Error('the server is away')
    })
    return { state, ...(await openCache({ stores: { main } })) }
  }

  test('does not keep values from being computed: once at a time, and the log is told', async () => {
    const { cache, log, state } = await away()
    const { factory, finish } = slow('value')
    const asking = Array.from({ length: 50 }, () => cache.getOrSet('key', factory, { tags: ['books'] }))
    await until(() => factory.mock.calls.length > 0)
    finish()
    expect(new Set(await Promise.all(asking))).toEqual(new Set(['value']))
    expect(factory).toHaveBeenCalledTimes(1)
    expect(log[0]?.err?.message).toBe('the server is away')
    state.isAway = false
    expect(await cache.get('key')).toBeUndefined()
  })

  test('that goes away meanwhile costs nothing but the value it does not keep', async () => {
    const { cache, state } = await away()
    state.isAway = false
    const value = await cache.getOrSet('key', () => {
      state.isAway = true
      return 'value'
    })
    expect(value).toBe('value')
  })

  test('fails everything else', async () => {
    const { cache } = await away()
    const calls = [
      () => cache.get('key'),
      () => cache.set('key', 1),
      () => cache.add('key', 1),
      () => cache.increment('key'),
      () => cache.update('key', () => 1),
      () => cache.take('key'),
      () => cache.delete('key'),
      () => cache.deleteTag('books'),
      () => cache.clear(),
    ]
    for (const call of calls) await expect(call()).rejects.toThrow('the server is away')
  })
})

test('others who are always faster do not keep a value from being computed', async () => {
  const shared = sharedStore()
  const main: Driver = {
    name: 'busy',
    open: async (facts) => {
      const store = await shared.open(facts)
      return { ...store, replace: async () => false }
    },
  }
  const { cache } = await openCache({ stores: { main } })
  expect(await cache.getOrSet('key', () => 'value')).toBe('value')
})
