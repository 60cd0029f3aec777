/** @module How values get into the cache when they are given, not computed. */
import { addToCount } from '../application/cache-stores/add-to-count.ts'
import { NotACountError } from '../application/cache-stores/errors.ts'
import type { Clock } from '../application/ports/clock.ts'
import { type CacheEntries, type Found, freshEntry, keyOf } from './cache-entries.ts'
import type { EntryFacts, TagVersions } from './cache-entry.ts'
import { type Kept, toJson } from './cache-json.ts'
import { checkFence, type KeepOptions, type SetOptions, type TtlOptions, timesOf } from './cache-options.ts'
import type { CacheTags } from './cache-tags.ts'
import { CacheValueError, StaleLockError } from './errors.ts'

export interface WriteDefaults {
  readonly clock: () => Clock
  /** For how long, where nothing is said; in milliseconds. */
  readonly ttl: number | undefined
}

export class CacheWrites {
  readonly #entries: CacheEntries
  readonly #tags: CacheTags
  readonly #defaults: WriteDefaults

  constructor(entries: CacheEntries, tags: CacheTags, defaults: WriteDefaults) {
    this.#entries = entries
    this.#tags = tags
    this.#defaults = defaults
  }

  async set(key: string, value: unknown, options: SetOptions): Promise<void> {
    const { fence } = options
    const json = jsonOf(key, value)
    if (fence === undefined) {
      const { text, lifetime } = this.#compose(key, json, options, await this.#begin(key, options))
      return this.#entries.store.set(keyOf(key), text, lifetime)
    }
    checkFence(key, fence)
    const write = (found: Found | undefined, tags: TagVersions) => {
      const highest = found?.entry.fence ?? 0
      if (highest > fence) throw new StaleLockError(key, fence, highest)
      return { write: this.#compose(key, json, options, tags, fence), result: undefined }
    }
    await this.#entries.change(key, write, () => this.#begin(key, options))
  }

  async add(key: string, value: unknown, options: KeepOptions): Promise<boolean> {
    const json = jsonOf(key, value)
    const write = (found: Found | undefined, tags: TagVersions) =>
      found?.isFresh
        ? { result: false }
        : { result: true, write: this.#compose(key, json, options, tags, found?.entry.fence) }
    return this.#entries.change(key, write, () => this.#begin(key, options))
  }

  update<T>(
    key: string,
    fn: (value: Kept<T> | undefined) => T | undefined | Promise<T | undefined>,
    options: KeepOptions,
  ): Promise<Kept<T> | undefined> {
    const write = async (found: Found | undefined, tags: TagVersions) => {
      const json = toJson(key, await fn(freshEntry<Kept<T>>(found)?.value))
      if (json === undefined) return { result: undefined, ...(found && { write: { text: undefined } }) }
      // What comes back is what others will read.
      const result: Kept<T> = JSON.parse(json)
      return { write: this.#compose(key, json, options, tags, found?.entry.fence), result }
    }
    return this.#entries.change(key, write, () => this.#begin(key, options))
  }

  async increment(key: string, by: number, options: TtlOptions): Promise<number> {
    const lifetime = this.lifetime(key, options)
    try {
      return (await this.#entries.store.increment(keyOf(key), by, lifetime)).count
    } catch (error) {
      if (!(error instanceof NotACountError)) throw error
    }
    // A count of which more is known than its end, or what is there no more for whoever reads.
    return this.#entries.change(key, (found) => {
      const entry = freshEntry(found)
      if (entry && typeof entry.value !== 'number') throw new NotACountError(key)
      const count = addToCount(key, String(entry?.value ?? 0), by)
      const facts = found?.isFresh ? found.entry : { ...this.times(key, options), fence: found?.entry.fence }
      return { write: this.#entries.compose(String(count), facts), result: count }
    })
  }

  /** The times of a value that is kept now. @throws {CacheOptionError} */
  times(key: string, options: KeepOptions): EntryFacts {
    const { clock, ttl } = this.#defaults
    return timesOf(key, options, { ttl, now: clock().now() })
  }

  /** For how long the store has to keep it; undefined is for ever. @throws {CacheOptionError} */
  lifetime(key: string, options: KeepOptions): number | undefined {
    const { staleUntil, expiresAt } = this.times(key, options)
    const end = staleUntil ?? expiresAt
    return end === undefined ? undefined : end - this.#defaults.clock().now()
  }

  async #begin(key: string, options: KeepOptions): Promise<TagVersions> {
    return this.#tags.begin(options.tags ?? [], this.lifetime(key, options))
  }

  #compose(key: string, json: string, options: KeepOptions, tags: TagVersions, fence?: number) {
    return this.#entries.compose(json, { ...this.times(key, options), tags, fence })
  }
}

/** @throws {CacheValueError} */
function jsonOf(key: string, value: unknown): string {
  const json = toJson(key, value)
  if (json === undefined) throw new CacheValueError(key, 'value', 'it is undefined')
  return json
}
