/** @module How limits count, wherever the counts are kept. */
import type { RateLimiter } from 'limber'
import { describe, expect, it } from 'vitest'
import type { StoreUnderTest } from '../every-store.ts'
import { openStore, type TestClock, testClock } from '../stores/support.ts'

interface Opened {
  readonly limiter: RateLimiter
  readonly clock: TestClock
  /** The limiter of another process: the same one, where memory is all there is. */
  another(): Promise<RateLimiter>
}

const MINUTE = 60_000
const limit = { max: 3, window: MINUTE }

export function describeLimits({ title, open }: StoreUnderTest): void {
  const start = async (): Promise<Opened> => {
    const clock = testClock()
    const { driver, options, isShared = true } = await open()
    const openLimiter = async () => (await openStore(driver, { ...options, clock })).app.make('limiter')
    const limiter = await openLimiter()
    return { limiter, clock, another: async () => (isShared ? openLimiter() : limiter) }
  }
  describe(`Limits in ${title}`, () => {
    describeCounting(start)
    describeTakingBack(start)
  })
}

function describeCounting(start: () => Promise<Opened>): void {
  it('so many pass, and no more, until the window ends that began with the first', async () => {
    const { limiter, clock } = await start()
    const resetAt = clock.time + MINUTE
    const hits = []
    for (let turn = 0; turn < 4; turn++) {
      hits.push(await limiter.hit('a', limit))
      clock.time += 10_000
    }
    const state = { max: 3, resetAt, isExceeded: false }
    expect(hits).toEqual([
      { ...state, remaining: 2 },
      { ...state, remaining: 1 },
      { ...state, remaining: 0 },
      { ...state, remaining: 0, isExceeded: true },
    ])
    clock.time = resetAt - 1
    expect((await limiter.hit('a', limit)).isExceeded).toBe(true)
    clock.time = resetAt
    expect(await limiter.hit('a', limit)).toEqual({ ...state, remaining: 2, resetAt: resetAt + MINUTE })
  })

  it('many who ask at once never exceed the limit by one', async () => {
    const { limiter, another } = await start()
    const other = await another()
    const few = { max: 20, window: MINUTE }
    const hits = await Promise.all(
      Array.from({ length: 64 }, (_, index) => (index % 2 ? other : limiter).hit('a', few)),
    )
    expect(hits.filter(({ isExceeded }) => !isExceeded)).toHaveLength(20)
    expect(new Set(hits.map(({ resetAt }) => resetAt)).size).toBe(1)
    expect((await limiter.peek('a', few)).remaining).toBe(0)
  })

  it('keys of any letters and length are counted for themselves', async () => {
    const { limiter } = await start()
    const keys = [
      'a',
      'A',
      'a ',
      'a\r\nset b',
      '\0',
      "'; --",
      'é',
      'k'.repeat(100_000),
      `${'k'.repeat(100_000)}l`,
    ]
    for (const key of keys) expect((await limiter.hit(key, limit)).remaining).toBe(2)
  })

  it('looking counts nothing', async () => {
    const { limiter, clock } = await start()
    const unused = { max: 3, remaining: 3, resetAt: clock.time + MINUTE, isExceeded: false }
    expect(await limiter.peek('a', limit)).toEqual(unused)
    expect(await limiter.peek('a', limit)).toEqual(unused)
    await limiter.hit('a', limit)
    clock.time += 1_000
    expect(await limiter.peek('a', limit)).toEqual({ ...unused, remaining: 2 })
    for (let turn = 0; turn < 3; turn++) await limiter.hit('a', limit)
    expect(await limiter.peek('a', limit)).toEqual({ ...unused, remaining: 0, isExceeded: true })
  })
}

function describeTakingBack(start: () => Promise<Opened>): void {
  it('one that is taken back may happen once more, however many were refused', async () => {
    const { limiter, clock } = await start()
    const { resetAt } = await limiter.hit('a', limit)
    for (let turn = 0; turn < 6; turn++) await limiter.hit('a', limit)
    clock.time += 1_000
    await limiter.refund('a', limit)
    expect(await limiter.peek('a', limit)).toEqual({ max: 3, remaining: 1, resetAt, isExceeded: false })
    expect((await limiter.hit('a', limit)).isExceeded).toBe(false)
    expect((await limiter.hit('a', limit)).isExceeded).toBe(true)
  })

  it('no more is taken back than was counted', async () => {
    const { limiter, clock } = await start()
    await limiter.refund('a', limit)
    await limiter.hit('a', limit)
    for (let turn = 0; turn < 3; turn++) await limiter.refund('a', limit)
    expect((await limiter.peek('a', limit)).remaining).toBe(3)
    clock.time += MINUTE
    await limiter.refund('a', limit)
    expect((await limiter.hit('a', limit)).remaining).toBe(2)
  })

  it('many that are counted and taken back at once come out even', async () => {
    const { limiter, another } = await start()
    const other = await another()
    const many = { max: 100, window: MINUTE }
    for (let turn = 0; turn < 16; turn++) await limiter.hit('a', many)
    const turns = Array.from({ length: 32 }, (_, index) =>
      index % 2 ? other.hit('a', many) : limiter.refund('a', many),
    )
    await Promise.all(turns)
    expect((await limiter.peek('a', many)).remaining).toBe(84)
  })

  it('clearing begins anew', async () => {
    const { limiter, clock } = await start()
    for (let turn = 0; turn < 4; turn++) await limiter.hit('a', limit)
    await limiter.hit('b', limit)
    clock.time += 1_000
    await limiter.clear('a')
    expect(await limiter.hit('a', limit)).toMatchObject({ remaining: 2, resetAt: clock.time + MINUTE })
    expect((await limiter.peek('b', limit)).remaining).toBe(2)
  })
}
