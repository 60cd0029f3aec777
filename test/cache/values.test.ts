import { describe, expect, test } from 'vitest'
import { openCache, sharedStore } from './support.ts'

describe('a value', () => {
  test.for([0, '', false, null, -0.5, 'text', [], {}, { a: [1, { b: null }] }, 42, -7, 2 ** 53])(
    'that is %j comes back as it was',
    async (value) => {
      const { cache } = await openCache()
      await cache.set('key', value)
      expect(await cache.get('key')).toEqual(value)
      expect(await cache.has('key')).toBe(true)
      expect(await cache.getMany(['other', 'key'])).toEqual(new Map([['key', value]]))
      expect(await cache.entry('key')).toEqual({ value, expiresAt: undefined })
      expect(await cache.add('key', 'another')).toBe(false)
      expect(await cache.take('key')).toEqual(value)
      expect(await cache.take('key')).toBeUndefined()
    },
  )

  test('is there until its time is over', async () => {
    const { cache, clock } = await openCache()
    await cache.set('key', 'value', { ttl: 1_000 })
    expect(await cache.entry('key')).toEqual({ value: 'value', expiresAt: clock.time + 1_000 })
    clock.time += 999
    expect(await cache.get('key')).toBe('value')
    clock.time += 1
    expect(await cache.get('key')).toBeUndefined()
    expect(await cache.has('key')).toBe(false)
    expect(await cache.add('key', 'another')).toBe(true)
  })

  test('without a time lives as long as the configuration says, and with Infinity for ever', async () => {
    const { cache, clock } = await openCache({ ttl: 1_000 })
    await cache.set('short', 1)
    await cache.set('long', 2, { ttl: Number.POSITIVE_INFINITY })
    clock.time += 1_000
    expect([await cache.get('short'), await cache.get('long')]).toEqual([undefined, 2])
  })

  test.for([0, -1, Number.NaN])('cannot be kept for %d milliseconds', async (ttl) => {
    const { cache } = await openCache()
    for (const keep of [
      () => cache.set('key', 1, { ttl }),
      () => cache.increment('key', 1, { ttl }),
      () => cache.getOrSet('key', () => 1, { ttl }),
      () => cache.getOrSet('key', () => 1, { ttl: 1_000, grace: -1 }),
      () => cache.getOrSet('key', () => 1, { timeout: -1 }),
    ])
      await expect(keep()).rejects.toMatchObject({ code: 'LIMBER_CACHE_OPTION' })
    expect(await cache.has('key')).toBe(false)
  })

  test('with dates comes back with texts, and an object as its toJSON() gives it', async () => {
    const { cache } = await openCache()
    const book = { title: 'Emma', secret: 'x', toJSON: () => ({ title: 'Emma' }) }
    await cache.set('key', { at: new Date(0), book, left: undefined })
    expect(await cache.get('key')).toEqual({ at: '1970-01-01T00:00:00.000Z', book: { title: 'Emma' } })
  })

  const circle: Record<string, unknown> = { name: 'a' }
  circle.books = [{ owner: circle }]
  const shared = { a: 1 }

  test.for([
    [{ books: [{ id: 1n }] }, 'value.books[0].id: it is a BigInt'],
    [circle, 'value.books[0].owner: it holds itself'],
    [{ next: { run: () => 1 } }, 'value.next.run: it is a function'],
    [[Symbol('x')], 'value[0]: it is a symbol'],
    [{ a: Number.NaN }, 'value.a: it is NaN'],
    [{ a: new Map() }, 'value.a: it is a Map'],
    [{ a: Promise.resolve(1) }, 'value.a: it is a promise that nobody has awaited'],
    [
      {
        a: {
          toJSON: () => {
            throw new Error('the shelf is empty')
          },
        },
      },
      'the shelf is empty',
    ],
    [undefined, 'value: it is undefined'],
  ] as const)(
    'that JSON would lose is refused with its place, and what was there stays: %#',
    async ([value, place]) => {
      const { cache } = await openCache()
      await cache.set('key', 'before')
      const error = { code: 'LIMBER_CACHE_VALUE', message: expect.stringContaining(place) }
      await expect(cache.set('key', value)).rejects.toMatchObject(error)
      expect(await cache.get('key')).toBe('before')
    },
  )

  test('may hold the same object twice', async () => {
    const { cache } = await openCache()
    await cache.set('key', { one: shared, two: [shared, shared] })
    expect(await cache.get('key')).toEqual({ one: { a: 1 }, two: [{ a: 1 }, { a: 1 }] })
  })

  test('is a copy: whoever changes it changes nothing', async () => {
    const { cache } = await openCache()
    await cache.set('key', [1])
    const first = await cache.get<number[]>('key')
    first?.push(2)
    expect(await cache.get('key')).toEqual([1])
  })

  test('survives a unit of work that is rolled back', async () => {
    const { app, cache } = await openCache()
    const work = app.scope(async () => {
      await cache.set('key', 1)
      await cache.getOrSet('other', () => 2)
      throw new Error('refused')
    })
    await expect(work).rejects.toThrow('refused')
    expect([await cache.get('key'), await cache.get('other')]).toEqual([1, 2])
  })
})

describe('several at once', () => {
  test('add a key: one succeeds', async () => {
    const { cache } = await openCache()
    const added = await Promise.all(Array.from({ length: 50 }, (_, index) => cache.add('key', index)))
    expect(added.filter(Boolean)).toHaveLength(1)
    expect(await cache.get('key')).toBe(added.indexOf(true))
  })

  test('take a value: one gets it', async () => {
    const { cache } = await openCache()
    await cache.set('key', 'prize')
    const taken = await Promise.all(Array.from({ length: 50 }, () => cache.take('key')))
    expect(taken.filter((value) => value !== undefined)).toEqual(['prize'])
  })

  test('update a value: no change is lost', async () => {
    const { cache } = await openCache()
    const add = (index: number) => cache.update<number[]>('key', (list = []) => [...list, index])
    await Promise.all(Array.from({ length: 100 }, (_, index) => add(index)))
    const list = (await cache.get<number[]>('key')) ?? []
    expect(list.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index))
  })

  test('count: no count is lost', async () => {
    const { cache } = await openCache()
    await cache.set('key', 10)
    await Promise.all(Array.from({ length: 100 }, () => cache.increment('key', 2)))
    expect(await cache.decrement('key')).toBe(209)
    expect(await cache.get('key')).toBe(209)
  })
})

describe('update', () => {
  test('gives what it has made as others read it, and forgets the key for undefined', async () => {
    const { cache } = await openCache()
    expect(await cache.update('key', () => ({ at: new Date(0) }))).toEqual({ at: '1970-01-01T00:00:00.000Z' })
    expect(await cache.update('key', () => undefined)).toBeUndefined()
    expect(await cache.has('key')).toBe(false)
  })

  test('gives up when others are always faster', async () => {
    const { cache } = await openCache()
    let others = 0
    const update = cache.update<number>('key', async (value = 0) => {
      others += 1
      await cache.set('key', others)
      return value + 1
    })
    await expect(update).rejects.toMatchObject({ code: 'LIMBER_CACHE_CONTENTION', kind: 'unavailable' })
  })

  test('changes nothing when its function fails', async () => {
    const { cache } = await openCache()
    await cache.set('key', 1)
    const failing = cache.update('key', () => {
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await cache.get('key')).toBe(1)
  })
})

test('a count keeps the end that it began with, and counts on only from whole numbers', async () => {
  const { cache, clock } = await openCache()
  await cache.increment('hits', 1, { ttl: 1_000 })
  clock.time += 600
  expect(await cache.increment('hits', 5, { ttl: 1_000 })).toBe(6)
  expect(await cache.entry('hits')).toEqual({ value: 6, expiresAt: clock.time + 400 })
  clock.time += 400
  expect(await cache.increment('hits')).toBe(1)
  await cache.set('text', 'seven')
  await expect(cache.increment('text')).rejects.toMatchObject({ code: 'LIMBER_NOT_A_COUNT' })
  await expect(cache.increment('hits', 0.5)).rejects.toMatchObject({ code: 'LIMBER_COUNT_OUT_OF_RANGE' })
})

describe('a count', () => {
  test('goes on with its tags, its time of grace and its fence', async () => {
    const { cache, clock } = await openCache()
    await cache.set('stock', 5, { ttl: 2_000, grace: 1_000, tags: ['books'], fence: 7 })
    clock.time += 1_000
    expect(await Promise.all([cache.decrement('stock'), cache.increment('stock', 3)])).toContain(7)
    expect(await cache.entry('stock')).toEqual({ value: 7, expiresAt: clock.time + 1_000 })
    await expect(cache.set('stock', 1, { fence: 6 })).rejects.toMatchObject({ code: 'LIMBER_STALE_LOCK' })
    await cache.deleteTag('books')
    expect(await cache.increment('stock', 2, { ttl: 500 })).toBe(2)
    clock.time += 500
    expect(await cache.increment('stock')).toBe(1)
    await expect(cache.set('stock', 1, { fence: 6 })).rejects.toMatchObject({ code: 'LIMBER_STALE_LOCK' })
  })

  test('that is being computed begins at 0, and what was computed is not kept', async () => {
    const { cache } = await openCache()
    const counted = await cache.getOrSet('stock', async () => {
      expect(await cache.increment('stock')).toBe(1)
      return 100
    })
    expect(counted).toBe(100)
    expect(await cache.increment('stock')).toBe(2)
  })
})

test('what is deleted is gone, also in another store of its own', async () => {
  const { app, cache } = await openCache({
    stores: { main: sharedStore(), other: sharedStore() },
    default: 'main',
  })
  for (const key of ['a', 'b', 'c']) await cache.set(key, key)
  await cache.store('other').set('a', 'other')
  await app.make('cache.store').set('lock:a', 'holder')
  await cache.delete('a')
  await cache.deleteMany(['b'])
  expect([...(await cache.getMany(['a', 'b', 'c'])).keys()]).toEqual(['c'])
  await cache.clear()
  expect(await cache.has('c')).toBe(false)
  expect(await cache.store('other').get('a')).toBe('other')
  expect(await app.make('cache.store').get(['lock:a'])).toMatchObject([{ text: 'holder' }])
  expect(cache.store('other')).toBe(cache.store('other'))
  expect(cache.store('main')).toBe(cache)
  expect(() => cache.store('others')).toThrow(expect.objectContaining({ code: 'LIMBER_STORE_NOT_FOUND' }))
})

test.for(['{"v":', 'null', '[1]', '"text"', '12x', ''])(
  'what nobody here has written is a miss, and can be replaced: %s',
  async (text) => {
    const { app, cache } = await openCache()
    await app.make('cache.store').set('cache:key', text)
    expect(await cache.get('key')).toBeUndefined()
    expect(await cache.getOrSet('key', () => 'new')).toBe('new')
    expect(await cache.get('key')).toBe('new')
  },
)
