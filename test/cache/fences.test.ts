import { expect, test } from 'vitest'
import { openCache } from './support.ts'

const DAY = 86_400_000

test('a write with a lower fence than the highest so far is refused, and changes nothing', async () => {
  const { cache } = await openCache()
  await cache.set('key', 'first', { fence: 7 })
  await cache.set('key', 'again', { fence: 7 })
  await expect(cache.set('key', 'late', { fence: 6 })).rejects.toMatchObject({
    code: 'LIMBER_STALE_LOCK',
    kind: 'conflict',
  })
  expect(await cache.get('key')).toBe('again')
  await cache.set('key', 'next', { fence: 8 })
  expect(await cache.get('key')).toBe('next')
})

test('the fence is known for a day after the value is over, and to those who change the value', async () => {
  const { cache, clock } = await openCache()
  const late = () => cache.set('key', 'late', { fence: 6 })
  await cache.set('key', 1, { fence: 7, ttl: 1_000 })
  clock.time += 1_000
  expect(await cache.get('key')).toBeUndefined()
  await expect(late()).rejects.toMatchObject({ code: 'LIMBER_STALE_LOCK' })
  await cache.getOrSet('key', () => 2, { ttl: 1_000 })
  await expect(late()).rejects.toMatchObject({ code: 'LIMBER_STALE_LOCK' })
  await cache.update<number>('key', (value = 0) => value + 1, { ttl: 1_000 })
  await expect(late()).rejects.toMatchObject({ code: 'LIMBER_STALE_LOCK' })
  expect(await cache.get('key')).toBe(3)
  clock.time += 1_000 + DAY
  await late()
  expect(await cache.get('key')).toBe('late')
})

test('the fence is known also when no value came of computing one', async () => {
  const { cache, clock } = await openCache()
  await cache.set('key', 1, { fence: 7, ttl: 1_000 })
  clock.time += 1_000
  const fails = cache.getOrSet('key', () => Promise.reject(new Error('no')))
  await expect(fails).rejects.toThrow('no')
  const late = () => cache.set('key', 'late', { fence: 6 })
  await expect(late()).rejects.toMatchObject({ code: 'LIMBER_STALE_LOCK' })
  expect(await cache.getOrSet('key', () => undefined)).toBeUndefined()
  await expect(late()).rejects.toMatchObject({ code: 'LIMBER_STALE_LOCK' })
})

test('of many writes at once the one with the highest fence stays', async () => {
  const { cache } = await openCache()
  const fences = Array.from({ length: 50 }, (_, index) => (index * 7) % 50)
  await Promise.allSettled(fences.map((fence) => cache.set('key', fence, { fence })))
  expect(await cache.get('key')).toBe(49)
})

test.for([-1, 0.5, Number.NaN])('%d is no fence', async (fence) => {
  const { cache } = await openCache()
  await expect(cache.set('key', 1, { fence })).rejects.toMatchObject({ code: 'LIMBER_CACHE_OPTION' })
})
