import { InvalidLimitError, memoryStore, TooManyRequestsError } from 'limber/cache'
import { expect, test } from 'vitest'
import { type CacheStoreDriver, openStore, testClock } from '../stores/support.ts'

const limit = { max: 2, window: 10_000 }

async function open(driver: CacheStoreDriver = memoryStore()) {
  const clock = testClock()
  const { app } = await openStore(driver, { clock })
  return { app, clock, limiter: app.make('limiter') }
}

test('consume refuses what is too much, and says when to come back', async () => {
  const { limiter, clock } = await open()
  expect(await limiter.consume('login:ada', limit)).toMatchObject({ remaining: 1 })
  await limiter.consume('login:ada', limit)
  clock.time += 1_001
  const refused = limiter.consume('login:ada', limit)
  await expect(refused).rejects.toThrow(TooManyRequestsError)
  await expect(refused).rejects.toMatchObject({
    code: 'LIMBER_TOO_MANY_REQUESTS',
    kind: 'too-many',
    retryAfter: 8_999,
    headers: { 'retry-after': '9' },
    message: 'This may happen 2 times, and it was more often.',
    hint: 'Try again in 9 seconds.',
  })
  clock.time += 8_999
  await limiter.consume('login:ada', limit)
})

test('what was counted in a unit of work is counted also when that is rolled back', async () => {
  const { app, limiter } = await open()
  const scope = app.scope(async () => {
    await limiter.hit('a', limit)
    throw new Error('wrong password')
  })
  await expect(scope).rejects.toThrow('wrong password')
  expect((await limiter.peek('a', limit)).remaining).toBe(1)
})

test('nothing of what a client sends is kept, and no key grows with it', async () => {
  const kept: string[] = []
  const memory = memoryStore()
  const { limiter } = await open({
    name: 'watched',
    open: async (facts) => {
      const store = await memory.open(facts)
      const increment = store.increment.bind(store)
      store.increment = (key, by, lifetime) => {
        kept.push(key)
        return increment(key, by, lifetime)
      }
      return store
    },
  })
  await limiter.hit('login:ada@example.com', limit)
  await limiter.hit('x'.repeat(1_000_000), limit)
  for (const key of kept) expect(key).toMatch(/^limit:[\w-]{43}$/)
  expect(new Set(kept).size).toBe(2)
})

const WRONG = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]

test.each(WRONG)('a limit of %d, or within a window of %d ms, is refused', async (wrong) => {
  const { limiter } = await open()
  const limits = [
    { ...limit, max: wrong },
    { ...limit, window: wrong },
  ]
  for (const bad of limits) {
    await expect(limiter.hit('a', bad)).rejects.toThrow(InvalidLimitError)
    await expect(limiter.consume('a', bad)).rejects.toMatchObject({ code: 'LIMBER_INVALID_LIMIT' })
    await expect(limiter.peek('a', bad)).rejects.toThrow(InvalidLimitError)
    await expect(limiter.refund('a', bad)).rejects.toThrow(InvalidLimitError)
  }
})

test('a key that is empty is refused', async () => {
  const { limiter } = await open()
  await expect(limiter.hit('', limit)).rejects.toThrow('A limit cannot have "" as its key.')
  await expect(limiter.clear('')).rejects.toThrow(InvalidLimitError)
})
