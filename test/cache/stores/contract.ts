/** @module What every store of the cache does, wherever it keeps things. */
import { describe, expect, it } from 'vitest'
import {
  type CacheStore,
  type CacheStoreDriver,
  openStore,
  type StoreOptions,
  type TestClock,
  testClock,
} from './support.ts'

/** A place that is empty when the test begins, and that nobody else uses. */
export interface StorePlace {
  readonly driver: CacheStoreDriver
  /** What else the application needs for this store. */
  readonly options?: Omit<StoreOptions, 'clock' | 'prefix'>
  /** Whether two applications see each other's keys; default true. */
  readonly isShared?: boolean
}

interface Opened {
  readonly store: CacheStore
  readonly clock: TestClock
  /** Opens the same place once more. */
  again(prefix?: string): Promise<CacheStore>
}

const DAY = 86_400_000
const LARGE = `${'é🦩x'.repeat(125_000)}`

const KEYS = [
  'cache:',
  'cache::',
  'cache: ',
  'cache:a b',
  'cache:a b ',
  'cache:a\tb',
  'cache:a\nb',
  'cache:a\r\nb',
  'cache:a\0b',
  'cache:a\0',
  'cache:a',
  'cache:A',
  'cache:a%',
  'cache:a_',
  'cache:a*',
  'cache:a?[b]\\',
  "cache:'; --",
  'cache:ünï 🦩 日本',
  'cache:caf\u00e9',
  'cache:cafe\u0301',
  'cache:CAFÉ',
  'cache:ß',
  'cache:ss',
  'cache:\u200b',
  'cache:\ufeff',
  'cache:__proto__',
  'cache:constructor',
  `cache:${'k'.repeat(10_000)}`,
  `cache:${'k'.repeat(10_000)}l`,
  `cache:${'k'.repeat(249)}`,
]

const TEXTS = [
  ['an empty text', ''],
  ['a zero', '0'],
  ['the word null', 'null'],
  ['a blank', ' '],
  ['lines', '\r\n\n\0END\r\n'],
  ['quotes', `'"\\%_\``],
  ['letters of every kind', 'ünï 🦩 日本 \u0301'],
  ['a text of almost a megabyte', LARGE],
] as const

export function describeStore(name: string, open: (clock: TestClock) => Promise<StorePlace>): void {
  const start = async (): Promise<Opened> => {
    const clock = testClock()
    const { driver, options } = await open(clock)
    const again = async (prefix = 'library') => (await openStore(driver, { ...options, clock, prefix })).store
    return { store: await again(), clock, again }
  }
  describe(name, () => {
    describeTexts(start)
    describeTimes(start)
    describeReplacing(start)
    describeCounting(start)
    describeForgetting(start)
    describeSharing(name, open, start)
    describeEnds(start)
  })
}

type Start = () => Promise<Opened>

const textOf = async (store: CacheStore, key: string) => (await store.get([key]))[0]?.text

function describeTexts(start: Start): void {
  describe('keeps texts', () => {
    it('gives nothing where nothing is', async () => {
      const { store } = await start()
      expect(await store.get(['cache:a', 'cache:b'])).toEqual([undefined, undefined])
      expect(await store.get([])).toEqual([])
    })

    it.each(TEXTS)('keeps %s as it was', async (_title, text) => {
      const { store } = await start()
      await store.set('cache:a', text)
      const [found] = await store.get(['cache:a'])
      expect(found?.text === text).toBe(true)
      expect(found?.expiresAt).toBeUndefined()
      expect(await store.replace('cache:a', text, 'other')).toBe(true)
    })

    it('puts a text in the place of another one', async () => {
      const { store } = await start()
      await store.set('cache:a', LARGE, 5)
      await store.set('cache:a', 'x')
      expect(await store.get(['cache:a'])).toEqual([{ text: 'x', expiresAt: undefined }])
    })

    it('tells keys apart, whatever is in them', async () => {
      const { store } = await start()
      for (const [index, key] of KEYS.entries()) await store.set(key, String(index))
      expect((await store.get(KEYS)).map((entry) => entry?.text)).toEqual(
        KEYS.map((_, index) => String(index)),
      )
      for (const key of KEYS) expect(await store.increment(key, 100)).toMatchObject({ expiresAt: undefined })
      for (const [index, key] of KEYS.entries()) {
        expect(await store.replace(key, String(index + 100), undefined), JSON.stringify(key)).toBe(true)
      }
      expect(await store.get(KEYS)).toEqual(KEYS.map(() => undefined))
    })

    it('gives a thousand keys at once, in order, also those that are asked for twice', async () => {
      const { store } = await start()
      const keys = Array.from({ length: 1_000 }, (_, index) => `cache:${index}`)
      await Promise.all(keys.filter((_, index) => index % 2 === 0).map((key) => store.set(key, `of ${key}`)))
      const asked = [...keys, 'cache:0', 'cache:1']
      const found = await store.get(asked)
      const expected = asked.map((key) => (Number(key.slice(6)) % 2 === 0 ? `of ${key}` : undefined))
      expect(found.map((entry) => entry?.text)).toEqual(expected)
      await store.delete(keys)
      expect((await store.get(keys)).filter((entry) => entry !== undefined)).toEqual([])
    })
  })
}

function describeTimes(start: Start): void {
  describe('ends what is over', () => {
    it.each([1, 1_000, 45 * DAY, 2 ** 31 + 1, 2 ** 40])(
      'keeps a text for %i ms and not for one more',
      async (lifetime) => {
        const { store, clock } = await start()
        const expiresAt = clock.time + lifetime
        await store.set('cache:a', 'x', lifetime)
        await store.increment('cache:n', 1, lifetime)
        await store.replace('cache:r', undefined, 'x', lifetime)
        const keys = ['cache:a', 'cache:n', 'cache:r']
        clock.time = expiresAt - 1
        expect((await store.get(keys)).map((entry) => entry?.expiresAt)).toEqual(keys.map(() => expiresAt))
        clock.time = expiresAt
        expect(await store.get(keys)).toEqual(keys.map(() => undefined))
      },
    )

    it('keeps for ever what has no lifetime, or an endless one', async () => {
      const { store, clock } = await start()
      await store.set('cache:a', 'x')
      await store.set('cache:b', 'x', Number.POSITIVE_INFINITY)
      clock.time += 100_000 * DAY
      const kept = { text: 'x', expiresAt: undefined }
      expect(await store.get(['cache:a', 'cache:b'])).toEqual([kept, kept])
    })

    it.each([0, -1, -(2 ** 40)])('keeps nothing for a lifetime of %i', async (lifetime) => {
      const { store } = await start()
      await store.set('cache:a', 'before')
      await store.set('cache:a', 'x', lifetime)
      expect(await store.replace('cache:b', undefined, 'x', lifetime)).toBe(true)
      expect(await store.get(['cache:a', 'cache:b'])).toEqual([undefined, undefined])
    })

    it('refuses a lifetime that is no number', async () => {
      const { store } = await start()
      const refused = { code: 'LIMBER_LIFETIME_INVALID' }
      await expect(store.set('cache:a', 'x', Number.NaN)).rejects.toMatchObject(refused)
      await expect(store.increment('cache:a', 1, Number.NaN)).rejects.toMatchObject(refused)
      await expect(store.replace('cache:a', undefined, 'x', Number.NaN)).rejects.toMatchObject(refused)
      expect(await textOf(store, 'cache:a')).toBeUndefined()
    })

    it('goes by a clock that goes backwards', async () => {
      const { store, clock } = await start()
      await store.set('cache:a', 'x', 1_000)
      clock.time -= 10_000
      expect(await textOf(store, 'cache:a')).toBe('x')
      await store.set('cache:b', 'x', 1_000)
      clock.time += 1_000
      expect((await store.get(['cache:a', 'cache:b'])).map((entry) => entry?.text)).toEqual(['x', undefined])
    })

    it('gives what is written again a new time', async () => {
      const { store, clock } = await start()
      await store.set('cache:a', 'x', 1_000)
      clock.time += 900
      await store.set('cache:a', 'y', 1_000)
      clock.time += 900
      expect(await textOf(store, 'cache:a')).toBe('y')
    })
  })
}

function describeReplacing(start: Start): void {
  describe('replaces', () => {
    it('what is expected, and nothing else', async () => {
      const { store } = await start()
      await store.set('cache:a', 'one')
      expect(await store.replace('cache:a', 'two', 'three')).toBe(false)
      expect(await store.replace('cache:a', undefined, 'three')).toBe(false)
      expect(await store.replace('cache:a', 'ONE', 'three')).toBe(false)
      expect(await store.replace('cache:a', 'one ', 'three')).toBe(false)
      expect(await textOf(store, 'cache:a')).toBe('one')
      expect(await store.replace('cache:a', 'one', 'two')).toBe(true)
      expect(await textOf(store, 'cache:a')).toBe('two')
    })

    it('an empty text, which is not nothing', async () => {
      const { store } = await start()
      expect(await store.replace('cache:a', '', 'x')).toBe(false)
      expect(await store.replace('cache:a', undefined, '')).toBe(true)
      expect(await store.replace('cache:a', undefined, 'x')).toBe(false)
      expect(await store.replace('cache:a', '', 'x')).toBe(true)
      expect(await textOf(store, 'cache:a')).toBe('x')
    })

    it('a text by nothing, which deletes it', async () => {
      const { store } = await start()
      await store.set('cache:a', 'one')
      expect(await store.replace('cache:a', 'two', undefined)).toBe(false)
      expect(await textOf(store, 'cache:a')).toBe('one')
      expect(await store.replace('cache:a', 'one', undefined)).toBe(true)
      expect(await textOf(store, 'cache:a')).toBeUndefined()
      expect(await store.replace('cache:a', 'one', undefined)).toBe(false)
    })

    it('nothing by nothing, where nothing is', async () => {
      const { store } = await start()
      expect(await store.replace('cache:a', undefined, undefined)).toBe(true)
      await store.set('cache:a', 'one')
      expect(await store.replace('cache:a', undefined, undefined)).toBe(false)
      expect(await textOf(store, 'cache:a')).toBe('one')
    })

    it('what is over as if nothing were there', async () => {
      const { store, clock } = await start()
      await store.set('cache:a', 'one', 1_000)
      await store.set('cache:b', 'one', 1_000)
      clock.time += 1_000
      expect(await store.replace('cache:a', 'one', 'two')).toBe(false)
      expect(await store.replace('cache:a', 'one', undefined)).toBe(false)
      expect(await store.replace('cache:a', undefined, 'three', 1_000)).toBe(true)
      expect(await store.get(['cache:a'])).toEqual([{ text: 'three', expiresAt: clock.time + 1_000 }])
      expect(await store.replace('cache:b', undefined, undefined)).toBe(true)
    })

    it('the time of a text with the text', async () => {
      const { store, clock } = await start()
      await store.set('cache:a', 'one', 1_000)
      expect(await store.replace('cache:a', 'one', 'one', 5_000)).toBe(true)
      expect(await store.get(['cache:a'])).toEqual([{ text: 'one', expiresAt: clock.time + 5_000 }])
      expect(await store.replace('cache:a', 'one', 'one')).toBe(true)
      expect(await store.get(['cache:a'])).toEqual([{ text: 'one', expiresAt: undefined }])
    })

    it('a text for one of two who ask at once, the other of whom deletes it', async () => {
      const { store, again } = await start()
      const other = await again()
      // Where the place is not shared, there is nothing to compete for.
      await store.set('lock:b', 'x')
      const another = (await textOf(other, 'lock:b')) === 'x' ? other : store
      for (let round = 0; round < 50; round++) {
        await store.set('lock:a', 'x')
        const asked = [store.replace('lock:a', 'x', undefined), another.replace('lock:a', 'x', 'y')]
        const won = await Promise.all(round % 2 ? asked : asked.reverse())
        const [isDeleted] = round % 2 ? won : won.reverse()
        expect(won.filter((isWon) => isWon)).toEqual([true])
        expect(await textOf(store, 'lock:a')).toBe(isDeleted ? undefined : 'y')
      }
      await store.set('lock:a', 'x')
      const deleted = Array.from({ length: 16 }, (_, index) =>
        (index % 2 ? store : another).replace('lock:a', 'x', undefined),
      )
      expect((await Promise.all(deleted)).filter((isWon) => isWon)).toEqual([true])
    })

    it('for one of many who ask at once', async () => {
      const { store, again } = await start()
      const other = await again()
      const keys = ['lock:a', 'lock:b']
      for (const key of keys) {
        const asked = Array.from({ length: 64 }, (_, index) =>
          (index % 2 ? store : other).replace(key, undefined, `owner ${index}`, 60_000),
        )
        const won = (await Promise.all(asked)).flatMap((isWon, index) => (isWon ? [index] : []))
        const owners = new Set([await textOf(store, key), await textOf(other, key)])
        // Where the place is not shared, each of the two has an owner.
        expect(won.map((index) => `owner ${index}`).sort()).toEqual([...owners].sort())
      }
    })
  })
}

function describeCounting(start: Start): void {
  describe('counts', () => {
    it('from nothing, up and down, and keeps the end that the count began with', async () => {
      const { store, clock } = await start()
      const expiresAt = clock.time + 1_000
      expect(await store.increment('limit:a', 1, 1_000)).toEqual({ count: 1, expiresAt })
      clock.time += 500
      expect(await store.increment('limit:a', 5, 1_000)).toEqual({ count: 6, expiresAt })
      expect(await store.increment('limit:a', -10)).toEqual({ count: -4, expiresAt })
      expect(await store.increment('limit:a', 4)).toEqual({ count: 0, expiresAt })
      expect(await store.increment('limit:a', 0)).toEqual({ count: 0, expiresAt })
      expect(await store.get(['limit:a'])).toEqual([{ text: '0', expiresAt }])
    })

    it('for ever without a lifetime', async () => {
      const { store } = await start()
      expect(await store.increment('limit:a', -3)).toEqual({ count: -3, expiresAt: undefined })
      expect(await store.increment('limit:a', 1, 1_000)).toEqual({ count: -2, expiresAt: undefined })
    })

    it('anew when a count is over', async () => {
      const { store, clock } = await start()
      await store.increment('limit:a', 7, 1_000)
      clock.time += 1_000
      expect(await store.increment('limit:a', 1, 2_000)).toEqual({ count: 1, expiresAt: clock.time + 2_000 })
    })

    it('on from digits that were set', async () => {
      const { store, clock } = await start()
      await store.set('limit:a', '41', 1_000)
      expect(await store.increment('limit:a', 1)).toEqual({ count: 42, expiresAt: clock.time + 1_000 })
      expect(await store.replace('limit:a', '42', '-1')).toBe(true)
      expect(await store.increment('limit:a', 1)).toEqual({ count: 0, expiresAt: undefined })
    })

    it.each(['x', '', ' 1', '1 ', '1.5', '1e3', '0x10', '01', '-', '-0', '+1', '1\n', 'NaN', '١'])(
      'not on from %j, which stays as it is',
      async (text) => {
        const { store } = await start()
        await store.set('limit:a', text)
        await expect(store.increment('limit:a', 1)).rejects.toMatchObject({ code: 'LIMBER_NOT_A_COUNT' })
        expect(await textOf(store, 'limit:a')).toBe(text)
      },
    )

    it('as far as numbers go, exactly, and not beyond', async () => {
      const { store } = await start()
      const most = Number.MAX_SAFE_INTEGER
      const refused = { code: 'LIMBER_COUNT_OUT_OF_RANGE' }
      expect(await store.increment('limit:a', most - 1)).toMatchObject({ count: most - 1 })
      expect(await store.increment('limit:a', 1)).toMatchObject({ count: most })
      await expect(store.increment('limit:a', 1)).rejects.toMatchObject(refused)
      expect(await textOf(store, 'limit:a')).toBe('9007199254740991')
      expect(await store.increment('limit:a', -most)).toMatchObject({ count: 0 })
      expect(await store.increment('limit:a', -most)).toMatchObject({ count: -most })
      await expect(store.increment('limit:a', -1)).rejects.toMatchObject(refused)
      expect(await textOf(store, 'limit:a')).toBe('-9007199254740991')
      await store.set('limit:a', '9007199254740993')
      await expect(store.increment('limit:a', -2)).rejects.toMatchObject(refused)
      await store.set('limit:a', '9'.repeat(400))
      await expect(store.increment('limit:a', -1)).rejects.toMatchObject(refused)
    })

    it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('nothing in steps of %d', async (by) => {
      const { store } = await start()
      await expect(store.increment('limit:a', by)).rejects.toMatchObject({
        code: 'LIMBER_COUNT_OUT_OF_RANGE',
      })
      expect(await textOf(store, 'limit:a')).toBeUndefined()
    })

    it('each of many who count at once', async () => {
      const { store } = await start()
      const counted = await Promise.all(
        Array.from({ length: 64 }, () => store.increment('limit:a', 1, 60_000)),
      )
      const counts = counted.map(({ count }) => count).sort((a, b) => a - b)
      expect(counts).toEqual(Array.from({ length: 64 }, (_, index) => index + 1))
    })
  })
}

function describeForgetting(start: Start): void {
  describe('forgets', () => {
    it('the keys that it is told, and no others', async () => {
      const { store } = await start()
      for (const key of ['cache:a', 'cache:b', 'cache:c']) await store.set(key, key)
      await store.delete(['cache:a', 'cache:c', 'cache:none'])
      await store.delete([])
      expect((await store.get(['cache:a', 'cache:b', 'cache:c'])).map((entry) => entry?.text)).toEqual([
        undefined,
        'cache:b',
        undefined,
      ])
    })

    it('a namespace, and keeps what only looks like it', async () => {
      const { store, again } = await start()
      const other = await again('librar')
      const longer = await again('library:cache')
      const kept = ['cachet:a', 'cach:a', 'Cache:a', 'c*:a', 'cache_:a', '[cache]:a', 'lock:cache:a']
      const gone = ['cache:a', 'cache:', 'cache:b:c', 'cache:ünï', `cache:${'k'.repeat(1_000)}`]
      for (const key of [...kept, ...gone]) await store.set(key, 'x')
      for (const key of gone) {
        await other.set(key, 'x')
        await longer.set(key, 'x')
      }
      await store.clear('cache')
      expect((await store.get(gone)).filter((entry) => entry !== undefined)).toEqual([])
      expect((await store.get(kept)).map((entry) => entry?.text)).toEqual(kept.map(() => 'x'))
      expect((await other.get(gone)).map((entry) => entry?.text)).toEqual(gone.map(() => 'x'))
      expect((await longer.get(gone)).map((entry) => entry?.text)).toEqual(gone.map(() => 'x'))
    })

    it('a namespace whose name is a pattern elsewhere', async () => {
      const { store } = await start()
      const names = ['*', 'a*', '%', '_', '[a]', 'a\\', "'", '?', 'ab']
      for (const name of names) {
        for (const other of names) await store.set(`${other}:key`, other)
        await store.clear(name)
        const found = await store.get(names.map((other) => `${other}:key`))
        expect(found.map((entry) => entry?.text)).toEqual(
          names.map((other) => (other === name ? undefined : other)),
        )
      }
    })

    it('no part of a namespace', async () => {
      const { store } = await start()
      await store.set('cache:a:b', 'x')
      await expect(store.clear('cache:a')).rejects.toMatchObject({ code: 'LIMBER_CACHE_NAMESPACE' })
      expect(await textOf(store, 'cache:a:b')).toBe('x')
    })

    it('a namespace with many keys, which then can be written again', async () => {
      const { store } = await start()
      const keys = Array.from({ length: 2_500 }, (_, index) => `cache:${index}`)
      await Promise.all(keys.map((key) => store.set(key, 'x')))
      await store.set('lock:a', 'x')
      await store.clear('cache')
      expect((await store.get([...keys, 'lock:a'])).map((entry) => entry?.text)).toEqual([
        ...keys.map(() => undefined),
        'x',
      ])
      await store.set('cache:1', 'y')
      expect(await store.replace('cache:2', undefined, 'y')).toBe(true)
      expect(await store.increment('cache:3', 1)).toMatchObject({ count: 1 })
      expect((await store.get(['cache:1', 'cache:2', 'cache:3'])).map((entry) => entry?.text)).toEqual([
        'y',
        'y',
        '1',
      ])
    })
  })
}

function describeSharing(name: string, open: (clock: TestClock) => Promise<StorePlace>, start: Start): void {
  describe('in two applications', () => {
    it('shows each what the other one keeps, if it can', async () => {
      const clock = testClock()
      const { driver, options, isShared = true } = await open(clock)
      const one = (await openStore(driver, { ...options, clock })).store
      const two = (await openStore(driver, { ...options, clock })).store
      await one.set('cache:a', 'x', 1_000)
      await one.increment('limit:a', 1)
      expect(isShared).toBe(driver.memory === undefined)
      expect(await textOf(two, 'cache:a')).toBe(isShared ? 'x' : undefined)
      expect(await two.increment('limit:a', 1)).toMatchObject({ count: isShared ? 2 : 1 })
      await two.clear('cache')
      expect(await textOf(one, 'cache:a')).toBe(isShared ? undefined : 'x')
      await one.close()
      expect(await textOf(two, 'limit:a')).toBe(isShared ? '2' : '1')
    })

    it('keeps those apart whose prefixes differ', async () => {
      const { again } = await start()
      const stores = await Promise.all(['a', 'ab', 'a:b', 'A', 'a%3Ab', 'ä'].map((prefix) => again(prefix)))
      for (const [index, store] of stores.entries()) {
        expect(await store.replace('b:cache:x', undefined, String(index)), `${name} ${index}`).toBe(true)
        expect(await store.replace('cache:x', undefined, String(index))).toBe(true)
      }
      await stores[0]?.clear('b')
      for (const [index, store] of stores.entries()) {
        expect(await textOf(store, 'cache:x')).toBe(String(index))
        expect(await textOf(store, 'b:cache:x')).toBe(index === 0 ? undefined : String(index))
      }
    })
  })
}

function describeEnds(start: Start): void {
  describe('opens and closes', () => {
    it('answers a ping', async () => {
      const { store } = await start()
      await expect(store.ping()).resolves.toBeUndefined()
    })

    it('closes once, and refuses to work from then on', async () => {
      const { store } = await start()
      await store.set('cache:a', 'x')
      await Promise.all([store.close(), store.close()])
      const calls = [
        () => store.get(['cache:a']),
        () => store.get([]),
        () => store.set('cache:a', 'y'),
        () => store.replace('cache:a', 'x', 'y'),
        () => store.increment('limit:a', 1),
        () => store.delete(['cache:a']),
        () => store.clear('cache'),
        () => store.ping(),
      ]
      for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'LIMBER_STORE_CLOSED' })
    })

    it('lets what has begun come to its end when it closes', async () => {
      const { store } = await start()
      await store.set('cache:a', 'x')
      const begun = Promise.all(Array.from({ length: 20 }, () => store.increment('limit:a', 1)))
      await store.close()
      const counts = (await begun).map(({ count }) => count)
      expect(Math.max(...counts)).toBe(20)
    })

    it('closes when it was never used', async () => {
      const { store } = await start()
      await expect(store.close()).resolves.toBeUndefined()
    })
  })
}
