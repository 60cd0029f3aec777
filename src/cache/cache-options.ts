/** @module How things are kept: what callers may say, and what follows from it. */
import type { EntryFacts } from './cache-entry.ts'
import { CacheOptionError } from './errors.ts'

export interface TtlOptions {
  /** For how long, in milliseconds; `Infinity` is for ever. Default: `ttl` of config/cache.ts. */
  readonly ttl?: number | undefined
}

export interface KeepOptions extends TtlOptions {
  /** Names under which it is forgotten together with others: `books`, `author:7`. */
  readonly tags?: readonly string[] | undefined
  /** How long it may be given after its time while a new one is computed, or cannot be; in milliseconds. Default: 0. */
  readonly grace?: number | undefined
}

export interface SetOptions extends KeepOptions {
  /** The fence of the lock under which it is written: a lower one than the highest so far is refused. */
  readonly fence?: number | undefined
}

export interface FillOptions extends KeepOptions {
  /**
   * How long to wait for a new value before a stale one is taken, in milliseconds; 0 takes it at once. It says nothing where
   * there is no stale one. Default: as long as it takes.
   */
  readonly timeout?: number | undefined
}

/** The times of a value that is kept from now on. @throws {CacheOptionError} */
export function timesOf(
  key: string,
  { ttl, grace = 0 }: KeepOptions,
  { ttl: fallback, now }: { readonly ttl: number | undefined; readonly now: number },
): Pick<EntryFacts, 'expiresAt' | 'staleUntil'> {
  const lifetime = ttl ?? fallback ?? Number.POSITIVE_INFINITY
  if (!(lifetime > 0)) throw new CacheOptionError(key, 'ttl', ttl, 'a number of milliseconds above zero')
  checkTime(key, 'grace', grace)
  const expiresAt = now + lifetime
  if (!Number.isSafeInteger(Math.ceil(expiresAt))) return {}
  return grace > 0 ? { expiresAt, staleUntil: expiresAt + grace } : { expiresAt }
}

/** @throws {CacheOptionError} */
export function checkTime(key: string, option: string, value: number | undefined): void {
  if (value !== undefined && !(value >= 0))
    throw new CacheOptionError(key, option, value, 'a number of milliseconds')
}

/** @throws {CacheOptionError} */
export function checkFence(key: string, fence: number): void {
  if (!Number.isSafeInteger(fence) || fence < 0)
    throw new CacheOptionError(key, 'fence', fence, 'the fence of a lock, a whole number')
}
