import { describe, expect, test } from 'vitest'
import { everyStore } from '../every-store.ts'
import { type Call, isPossible, perform } from './history.ts'
import { type CacheStore, openStore, testClock } from './support.ts'

const { LIMBER_TEST_DEEP: isDeep, LIMBER_TEST_SEED: given } = process.env
const SEED = Number(given ?? Date.now() % 1_000_000)
const ROUNDS = isDeep ? 2_000 : 60

/** Gives whole numbers below a bound, the same ones for the same seed. */
function dice(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    const mixed = Math.imul(state ^ (state >>> 15), state | 1)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const TEXTS = ['1', '2', 'a', undefined]
const KINDS = ['replace', 'replace', 'replace', 'delete', 'get', 'set', 'increment'] as const

describe.each(await everyStore())('$title', ({ open }) => {
  test(`does to one key what one client after the other could have done (LIMBER_TEST_SEED=${SEED})`, {
    timeout: isDeep ? 300_000 : 30_000,
  }, async () => {
    const roll = dice(SEED)
    const { driver, options, isShared = true } = await open()
    const clock = testClock()
    const { store } = await openStore(driver, { ...options, clock })
    const other = isShared ? (await openStore(driver, { ...options, clock })).store : store
    let ticks = 0
    for (let round = 0; round < ROUNDS; round++) {
      const key = `cache:${round}`
      const calls: Call[] = []
      // What is over is not there, but may be in the way.
      await store.set(key, 'old', 1_000)
      clock.time += 1_000
      const client = async (own: CacheStore) => {
        for (let count = 0; count < 3; count++) {
          const what = KINDS[roll(KINDS.length)] ?? 'get'
          const text = what === 'delete' ? undefined : TEXTS[roll(what === 'set' ? 3 : 4)]
          const plan = { what, text, expected: roll(2) ? undefined : TEXTS[roll(4)], by: roll(3) - 1 }
          const began = ticks++
          const answer = await perform(own, key, plan)
          calls.push({ ...plan, began, ended: ticks++, given: answer })
        }
      }
      await Promise.all([store, store, other, other].map(client))
      expect(isPossible(calls), JSON.stringify(calls)).toBe(true)
    }
  })
})
