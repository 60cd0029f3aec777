/** @module Reads and changes entries of the cache in one store. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { CacheStore } from '../application/ports/cache-store.ts'
import type { Clock } from '../application/ports/clock.ts'
import {
  type CacheEntry,
  type EntryFacts,
  LEASE,
  type Lease,
  lifetimeOf,
  readEntry,
  type TagVersions,
  writeEntry,
} from './cache-entry.ts'
import type { CacheTags } from './cache-tags.ts'
import { CacheContentionError } from './errors.ts'

const ATTEMPTS = 100

/** What stands under a key, held against the clock and the versions of its tags. */
export interface Found {
  /** As it stands there, so that it can be replaced. */
  readonly text: string
  readonly entry: CacheEntry
  readonly isFresh: boolean
  /** Whether it is over and may be given all the same. */
  readonly isStale: boolean
  /** That of whoever computes the value now. */
  readonly lease: Lease | undefined
}

/** What becomes of an entry: nothing, or another text; and what the caller is told. */
export interface Change<T> {
  readonly result: T
  readonly write?: { readonly text: string | undefined; readonly lifetime?: number | undefined }
}

export class CacheEntries {
  readonly store: CacheStore
  readonly #tags: CacheTags
  readonly #clock: () => Clock

  constructor(store: CacheStore, tags: CacheTags, clock: () => Clock) {
    this.store = store
    this.#tags = tags
    this.#clock = clock
  }

  /** Tags cost one more question, for all entries together. */
  async read(keys: readonly string[]): Promise<(Found | undefined)[]> {
    const texts = await this.store.get(keys.map(keyOf))
    const found = texts.map((stored) => stored && { text: stored.text, entry: readEntry(stored) ?? NOTHING })
    const versions = found.flatMap((one) => [...(one?.entry.tags ?? []), ...(one?.entry.lease?.tags ?? [])])
    const isCurrent = await this.#tags.current(versions)
    const now = this.#clock().now()
    return found.map((one) => {
      if (!one) return undefined
      const { value, tags, expiresAt = Number.POSITIVE_INFINITY, staleUntil = 0, lease } = one.entry
      const isThere = value !== undefined && isCurrent(tags)
      const isFresh = isThere && expiresAt > now
      // One that ends later than any can is of before the clock was set back: whoever wrote it may be dead.
      const isRunning = lease !== undefined && lease.until > now && lease.until <= now + 2 * LEASE
      const isLeased = isRunning && isCurrent(lease.tags)
      const isStale = isThere && !isFresh && staleUntil > now
      return { ...one, isFresh, isStale, lease: isLeased ? lease : undefined }
    })
  }

  async find(key: string): Promise<Found | undefined> {
    const [found] = await this.read([key])
    return found
  }

  /**
   * Changes what stands there at this moment: `decide` is asked again when another one was faster.
   *
   * @param begin reads the versions of the tags, before what stands there is read: what ends them meanwhile ends the change as well
   * @throws {CacheContentionError}
   */
  async change<T>(
    key: string,
    decide: (found: Found | undefined, tags: TagVersions) => Change<T> | Promise<Change<T>>,
    begin: () => Promise<TagVersions> = noTags,
  ): Promise<T> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      // Apart from each other, so that those who compete do not meet again.
      if (attempt > 0) await sleep(Math.random() * Math.min(2 ** attempt, 50))
      const tags = await begin()
      const found = await this.find(key)
      const { write, result } = await decide(found, tags)
      if (!write || (await this.replace(key, found?.text, write.text, write.lifetime))) return result
    }
    throw new CacheContentionError(key, ATTEMPTS)
  }

  replace(key: string, expected: string | undefined, text: string | undefined, lifetime?: number) {
    return this.store.replace(keyOf(key), expected, text, lifetime)
  }

  /** The text of an entry, and how long the store has to keep it. */
  compose(json: string | undefined, facts: EntryFacts): { text: string; lifetime: number | undefined } {
    const lifetime = lifetimeOf(json !== undefined, facts, this.#clock().now())
    return { text: writeEntry(json, facts), lifetime }
  }
}

const noTags = async (): Promise<TagVersions> => []

/** What is there and is no entry. */
const NOTHING: CacheEntry = { value: undefined }

export function keyOf(key: string): string {
  return `cache:${key}`
}

/** A value, and when its time is over, in milliseconds since 1970; undefined is never. */
export interface CachedEntry<T> {
  readonly value: T
  readonly expiresAt: number | undefined
}

export function freshEntry<T>(found: Found | undefined): CachedEntry<T> | undefined {
  if (!found?.isFresh) return undefined
  // What stands under a key is what the application has put there: the caller says what that is.
  return { value: found.entry.value as T, expiresAt: found.entry.expiresAt }
}
