/** @module Counts what happens in windows that begin with the first time. Bound as `limiter`. */
import { createHash } from 'node:crypto'
import type { Application } from '../../application/application.ts'
import type { CacheStore } from '../../application/ports/cache-store.ts'
import type { RateLimit, RateLimiter, RateState } from '../../application/ports/rate-limiter.ts'
import { isTimeSpan, TIME_SPAN } from '../../support/time-span.ts'
import { InvalidLimitError, TooManyRequestsError } from './errors.ts'

/**
 * Counts exactly, among all processes that share the store: of those who ask at once, no more than `max` are told that they may.
 *
 * @example
 * ```ts
 * import type { RateLimiter } from 'limber'
 *
 * async function search(limiter: RateLimiter, chat: number) {
 *   await limiter.consume(`search:${chat}`, { max: 5, window: 10_000 })
 * }
 * ```
 */
export class Limiter implements RateLimiter {
  readonly #app: Application
  readonly #store: CacheStore

  constructor(app: Application, store: CacheStore) {
    this.#app = app
    this.#store = store
  }

  /** @throws {InvalidLimitError} */
  async hit(key: string, limit: RateLimit): Promise<RateState> {
    checkLimit(limit)
    const { count, expiresAt } = await this.#store.increment(storedKey(key), 1, limit.window)
    return this.#stateOf(limit, count, expiresAt)
  }

  /** @throws {TooManyRequestsError} @throws {InvalidLimitError} */
  async consume(key: string, limit: RateLimit): Promise<RateState> {
    const state = await this.hit(key, limit)
    if (state.isExceeded) throw new TooManyRequestsError(limit.max, this.#timeUntil(state.resetAt))
    return state
  }

  /** @throws {InvalidLimitError} */
  async peek(key: string, limit: RateLimit): Promise<RateState> {
    checkLimit(limit)
    const [found] = await this.#store.get([storedKey(key)])
    return this.#stateOf(limit, countOf(found?.text), found?.expiresAt)
  }

  /** @throws {InvalidLimitError} */
  async refund(key: string, limit: RateLimit): Promise<void> {
    checkLimit(limit)
    const at = storedKey(key)
    for (;;) {
      const [found] = await this.#store.get([at])
      const count = Math.min(countOf(found?.text), limit.max)
      if (!found || count === 0) return
      // Not by adding -1: were the window over by now, that would begin one with a time too many.
      const left = this.#timeUntil(found.expiresAt)
      if (left === 0 || (await this.#store.replace(at, found.text, String(count - 1), left))) return
    }
  }

  async clear(key: string): Promise<void> {
    await this.#store.delete([storedKey(key)])
  }

  #stateOf({ max, window }: RateLimit, count: number, expiresAt: number | undefined): RateState {
    const resetAt = expiresAt ?? this.#now + window
    return { max, remaining: Math.max(0, max - count), resetAt, isExceeded: count > max }
  }

  #timeUntil(time = 0): number {
    return Math.max(0, time - this.#now)
  }

  get #now(): number {
    return this.#app.make('clock').now()
  }
}

/** Of what clients send only the digest is kept: short, of harmless letters, and silent about who they are. */
function storedKey(key: string): string {
  if (typeof key !== 'string' || key === '')
    throw new InvalidLimitError('key', key, 'Give a text that is not empty.')
  return `limit:${createHash('sha256').update(key).digest('base64url')}`
}

function countOf(text = '0'): number {
  return Math.max(0, Number(text) || 0)
}

/** @throws {InvalidLimitError} */
export function checkLimit({ max, window }: RateLimit): void {
  if (!Number.isSafeInteger(max) || max < 1)
    throw new InvalidLimitError('max', max, 'Give a whole number above zero.')
  if (!isTimeSpan(window)) throw new InvalidLimitError('window', window, `Give ${TIME_SPAN}.`)
}
