import { describe, expect, test } from 'vitest'
import { openCache, sharedStore, until } from './support.ts'

describe('a tag', () => {
  test('forgets whatever was kept with it, and nothing else', async () => {
    const { cache } = await openCache()
    await cache.set('emma', 1, { tags: ['books', 'book:1'] })
    await cache.getOrSet('list', () => [1], { tags: ['books'] })
    await cache.add('ada', 1, { tags: ['readers'] })
    await cache.update('eve', () => 1, { tags: ['readers', '__proto__'] })
    await cache.set('plain', 1)
    await cache.deleteTag('books')
    const keys = ['emma', 'list', 'ada', 'eve', 'plain']
    expect([...(await cache.getMany(keys)).keys()]).toEqual(['ada', 'eve', 'plain'])
    await cache.deleteTags(['readers', 'unknown', '__proto__'])
    expect([...(await cache.getMany(keys)).keys()]).toEqual(['plain'])
    expect(await cache.add('emma', 2)).toBe(true)
  })

  test('is usable again at once', async () => {
    const { cache } = await openCache()
    for (const value of [1, 2]) {
      await cache.set('key', value, { tags: ['books'] })
      expect(await cache.get('key')).toBe(value)
      await cache.deleteTag('books')
      expect(await cache.get('key')).toBeUndefined()
    }
  })

  test('that its store has lost makes a miss', async () => {
    const { app, cache } = await openCache()
    await cache.set('key', 1, { tags: ['books'] })
    await app.make('cache.store').delete(['tag:books'])
    expect(await cache.get('key')).toBeUndefined()
    await cache.set('other', 1, { tags: ['books'] })
    expect(await cache.get('key')).toBeUndefined()
  })

  test('costs one more question, and only where there are tags', async () => {
    let asked = 0
    const main = sharedStore((call) => void (call === 'get' && asked++))
    const { cache } = await openCache({ stores: { main } })
    await cache.set('plain', 1)
    for (const key of ['a', 'b']) await cache.set(key, 1, { tags: ['books', key] })
    asked = 0
    await cache.get('plain')
    expect(asked).toBe(1)
    await cache.getMany(['plain', 'a', 'b'])
    expect(asked).toBe(3)
  })

  test('is kept as long as the values that have it, and no longer', async () => {
    const { app, cache, clock } = await openCache()
    await cache.set('short', 1, { ttl: 1_000, tags: ['books'] })
    await cache.set('long', 2, { ttl: 60_000, grace: 1_000, tags: ['books'] })
    clock.time += 59_999
    expect(await cache.get('long')).toBe(2)
    clock.time += 70_000
    expect(await app.make('cache.store').get(['tag:books'])).toEqual([undefined])
  })
})

/** Numbers of our own, so that a failing run can be repeated. */
function randomOf(seed: number) {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const RUNS = process.env.LIMBER_TEST_DEEP === '1' ? 300 : 30

test('nothing that was forgotten is given by who asks afterwards, however calls overlap', async () => {
  for (let seed = 1; seed <= RUNS; seed++) {
    const random = randomOf(seed)
    const pause = async () => {
      for (let turns = random(6); turns > 0; turns--) await Promise.resolve()
      if (random(4) === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    const stores = { main: sharedStore(pause) }
    const processes = [await openCache({ stores }), await openCache({ stores })]
    // What the values are computed from: who forgets raises it before, as one commits and then forgets.
    let source = 0
    let forgotten = 0
    const tags = ['books']
    const compute = async () => {
      const read = source
      await pause()
      return read
    }
    const acts = [
      async (cache: (typeof processes)[0]['cache']) => {
        const oldest = forgotten
        const value = await cache.getOrSet('key', compute, { tags })
        expect(value, `getOrSet, seed ${seed}`).toBeGreaterThanOrEqual(oldest)
      },
      async (cache: (typeof processes)[0]['cache']) => {
        const oldest = forgotten
        const value = await cache.get<number>('key')
        if (value !== undefined) expect(value, `get, seed ${seed}`).toBeGreaterThanOrEqual(oldest)
      },
      async (cache: (typeof processes)[0]['cache']) => {
        source += 1
        const now = source
        if (random(2) === 0) await cache.deleteTag('books')
        else await cache.delete('key')
        forgotten = Math.max(forgotten, now)
      },
    ]
    const worker = async () => {
      for (let step = 0; step < 12; step++) {
        const { cache } = processes[random(2)] ?? processes[0] ?? expect.unreachable()
        await acts[random(acts.length)]?.(cache)
        await pause()
      }
    }
    await Promise.all(Array.from({ length: 6 }, worker))
    await until(() => processes.every(({ cache }) => cache.filling === 0))
  }
})
