import type { Cache, Kept } from 'limber/cache'
import { Model } from 'limber/database'
import { expectTypeOf, test } from 'vitest'

declare const cache: Cache

class Book extends Model {
  title!: string
  addedAt!: Date
}

test('what comes back of a value is what JSON makes of it', () => {
  expectTypeOf<Kept<Date>>().toEqualTypeOf<string>()
  expectTypeOf<Kept<{ at: Date; list: Date[]; name?: string }>>().toEqualTypeOf<{
    at: string
    list: string[]
    name?: string
  }>()
  expectTypeOf<Kept<[Date, 1 | null]>>().toEqualTypeOf<[string, 1 | null]>()
  expectTypeOf<Kept<unknown>>().toEqualTypeOf<unknown>()
})

test('getOrSet and update say so, and get gives what its caller names', () => {
  const ask = () => cache.getOrSet('key', async () => ({ at: new Date(), count: 1 }))
  expectTypeOf(ask).returns.resolves.toEqualTypeOf<{ at: string; count: number }>()
  const update = () => cache.update<{ at: Date }>('key', (value) => ({ at: new Date(value?.at ?? 0) }))
  expectTypeOf(update).returns.resolves.toEqualTypeOf<{ at: string } | undefined>()
  const get = () => cache.get<number>('key')
  expectTypeOf(get).returns.resolves.toEqualTypeOf<number | undefined>()
  expectTypeOf(() => cache.get('key')).returns.resolves.toEqualTypeOf<unknown>()
})

test('models may be computed, and come back without their verbs', () => {
  const books = () => cache.getOrSet('books', (): Book[] => [])
  expectTypeOf<Awaited<ReturnType<typeof books>>>().not.toBeAny()
})
