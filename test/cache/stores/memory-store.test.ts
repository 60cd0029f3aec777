import { memoryStore } from 'limber/cache'
import { expect, it } from 'vitest'
import { describeStore } from './contract.ts'
import { openStore, testClock } from './support.ts'

describeStore('The memory of the process', async () => ({ driver: memoryStore(), isShared: false }))

const keysOf = (length: number, from = 0) => Array.from({ length }, (_, index) => `cache:${index + from}`)

it('a store in memory keeps so many keys, and forgets what was used longest ago', async () => {
  const { store } = await openStore(memoryStore({ max: 3 }))
  for (const key of keysOf(3)) await store.set(key, 'x')
  await store.get(['cache:0'])
  await store.set('cache:3', 'x')
  const found = await store.get(keysOf(4))
  expect(found.map((entry) => entry !== undefined)).toEqual([true, false, true, true])
})

it('a store in memory keeps so many bytes, and refuses what would take all of them', async () => {
  const { store } = await openStore(memoryStore({ maxBytes: 10_000 }))
  for (const key of keysOf(8)) await store.set(key, 'x'.repeat(1_000))
  expect((await store.get(keysOf(8))).filter((entry) => entry !== undefined)).toHaveLength(4)
  await store.set('cache:7', 'x')
  await store.set('cache:8', 'x'.repeat(1_000))
  expect((await store.get(keysOf(9))).filter((entry) => entry !== undefined)).toHaveLength(5)
  await expect(store.set('cache:7', 'x'.repeat(6_000))).rejects.toMatchObject({
    code: 'LIMBER_CACHE_VALUE_TOO_LARGE',
  })
  expect((await store.get(['cache:7']))[0]?.text).toBe('x')
})

it('a full store in memory forgets what is over before anything else', async () => {
  const clock = testClock()
  const { store } = await openStore(memoryStore({ max: 100 }), { clock })
  for (const key of keysOf(50)) await store.set(key, 'x')
  for (const key of keysOf(50, 50)) await store.set(key, 'x', 1_000)
  clock.time += 1_000
  for (const key of keysOf(50, 100)) await store.set(key, 'x')
  expect((await store.get([...keysOf(50), ...keysOf(50, 100)])).filter((entry) => !entry)).toEqual([])
})

it('a store in memory does not grow with the keys that it is given', async () => {
  const { store } = await openStore(memoryStore())
  const keys = keysOf(25_000)
  for (const key of keys) await store.increment(key, 1, 60_000)
  const found = await store.get(keys)
  expect(found.lastIndexOf(undefined)).toBe(14_999)
  expect(found.filter((entry) => entry !== undefined)).toHaveLength(10_000)
})

it('a store in memory says that several processes would not share it', () => {
  expect(memoryStore().memory?.hint).toContain('config/cache.ts')
})
