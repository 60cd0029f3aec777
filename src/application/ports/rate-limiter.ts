/** @module Port: counts what clients do, and says when it is enough. Bound as `limiter`. */

/** How often something may happen. */
export interface RateLimit {
  /** At most this often. */
  readonly max: number
  /** Within this time, which begins with the first one; in milliseconds. */
  readonly window: number
}

export interface RateState {
  readonly max: number
  /** How often it may still happen in this window; never below zero. */
  readonly remaining: number
  /** When the window ends, in milliseconds since 1970. */
  readonly resetAt: number
  /** Whether it has happened more often than it may. */
  readonly isExceeded: boolean
}

/**
 * It works outside of the unit of work: what it has counted survives one that is rolled back. A key has any letters and any length;
 * give each use a beginning of its own, and one key always the same limit.
 */
export interface RateLimiter {
  /** Counts one, at most `max` of them with `isExceeded: false` however many ask at once. */
  hit(key: string, limit: RateLimit): Promise<RateState>
  /**
   * Counts one, and refuses what is too much.
   *
   * @throws an error of the kind `too-many`, with `retryAfter` in milliseconds
   */
  consume(key: string, limit: RateLimit): Promise<RateState>
  /** Looks without counting. */
  peek(key: string, limit: RateLimit): Promise<RateState>
  /** Takes one back that was counted and should not have been: what was refused is not owed. */
  refund(key: string, limit: RateLimit): Promise<void>
  /** Begins anew. */
  clear(key: string): Promise<void>
}

declare module '../../container/services.ts' {
  interface Services {
    limiter: RateLimiter
  }
}
