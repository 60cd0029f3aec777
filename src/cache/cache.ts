/** @module The cache: values under keys, for a time. */
import type { Application } from '../application/application.ts'
import { CacheEntries, type Found, keyOf } from './cache-entries.ts'
import type { TagVersions } from './cache-entry.ts'
import { CacheFills } from './cache-fills.ts'
import { type Kept, toJson } from './cache-json.ts'
import {
  checkFence,
  checkTime,
  type FillOptions,
  type KeepOptions,
  type SetOptions,
  type TtlOptions,
  timesOf,
} from './cache-options.ts'
import type { CacheStores } from './cache-stores.ts'
import { CacheTags } from './cache-tags.ts'
import { CacheValueError, StaleLockError } from './errors.ts'

/** A value, and when its time is over, in milliseconds since 1970; undefined is never. */
export interface CachedEntry<T> {
  readonly value: T
  readonly expiresAt: number | undefined
}

/**
 * Keeps values as JSON in a store. It works outside of units of work: what is kept stays when the work is rolled back.
 * Everything but `getOrSet` fails with the store: `LIMBER_CACHE_UNAVAILABLE`.
 *
 * @example
 * ```ts
 * import type { Application } from 'limber'
 *
 * export function shelfSizes(app: Application): Promise<Record<string, number>> {
 *   return app.make('cache').getOrSet('shelf sizes', () => ({ A: 12, B: 40 }), { ttl: 60_000, tags: ['shelves'] })
 * }
 * ```
 */
export class Cache {
  readonly #app: Application
  readonly #stores: CacheStores
  readonly #others: Map<string, Cache>
  readonly #tags: CacheTags
  readonly #entries: CacheEntries
  readonly #fills: CacheFills

  /** @param others the caches of this application, by the names of their stores */
  constructor(
    app: Application,
    stores: CacheStores,
    name = stores.default,
    others = new Map<string, Cache>(),
  ) {
    const store = stores.get(name)
    const clock = () => app.make('clock')
    this.#app = app
    this.#stores = stores
    this.#others = others.set(name, this)
    this.#tags = new CacheTags(store, clock)
    this.#entries = new CacheEntries(store, this.#tags, clock)
    this.#fills = new CacheFills(app, this.#entries, this.#tags)
  }

  /** How many keys `getOrSet` is computing in this process, or waits for. */
  get filling(): number {
    return this.#fills.size
  }

  /**
   * Gives the cache on another store.
   *
   * @throws {StoreNotFoundError}
   */
  store(name: string): Cache {
    return this.#others.get(name) ?? new Cache(this.#app, this.#stores, name, this.#others)
  }

  /** Gives the value; undefined when there is none, or its time is over. */
  async get<T = unknown>(key: string): Promise<T | undefined> {
    return (await this.entry<T>(key))?.value
  }

  /** Gives the values that are there, by their keys. */
  async getMany<T = unknown>(keys: readonly string[]): Promise<Map<string, T>> {
    const found = await this.#entries.read(keys)
    const values = new Map<string, T>()
    for (const [index, key] of keys.entries()) {
      const entry = freshEntry<T>(found[index])
      if (entry) values.set(key, entry.value)
    }
    return values
  }

  /** Gives the value together with the end of its time. */
  async entry<T = unknown>(key: string): Promise<CachedEntry<T> | undefined> {
    return freshEntry<T>(await this.#entries.find(key))
  }

  async has(key: string): Promise<boolean> {
    return (await this.entry(key)) !== undefined
  }

  /**
   * Keeps a value in place of what was there.
   *
   * @throws {CacheValueError} @throws {CacheOptionError} @throws {StaleLockError} with a fence that is too low
   */
  async set(key: string, value: unknown, options: SetOptions = {}): Promise<void> {
    const { fence } = options
    const json = this.#json(key, value)
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

  /**
   * Keeps a value when there is none: of several who try at once, one succeeds.
   *
   * @returns whether it was kept
   * @throws {CacheValueError} @throws {CacheOptionError}
   */
  async add(key: string, value: unknown, options: KeepOptions = {}): Promise<boolean> {
    const json = this.#json(key, value)
    const write = (found: Found | undefined, tags: TagVersions) =>
      found?.isFresh
        ? { result: false }
        : { result: true, write: this.#compose(key, json, options, tags, found?.entry.fence) }
    return this.#entries.change(key, write, () => this.#begin(key, options))
  }

  /**
   * Adds to a count, which begins at 0. A `ttl` is that of a new count; one that goes on keeps its end.
   *
   * @throws {NotACountError} @throws {CountOutOfRangeError} @throws {CacheOptionError}
   */
  async increment(key: string, by = 1, options: TtlOptions = {}): Promise<number> {
    const { expiresAt } = this.#times(key, options)
    const lifetime = expiresAt === undefined ? undefined : expiresAt - this.#now
    return (await this.#entries.store.increment(keyOf(key), by, lifetime)).count
  }

  /**
   * Takes from a count, as `increment` adds to it.
   *
   * @throws {NotACountError} @throws {CountOutOfRangeError} @throws {CacheOptionError}
   */
  decrement(key: string, by = 1, options: TtlOptions = {}): Promise<number> {
    return this.increment(key, -by, options)
  }

  /**
   * Makes a new value of the one that is there, so that no change of another is lost. The function may be called several
   * times; undefined forgets the key.
   *
   * @throws {CacheContentionError} @throws {CacheValueError} @throws {CacheOptionError}
   * @example
   * ```ts
   * import type { Application } from 'limber'
   *
   * export function addToCart(app: Application, user: number, book: number) {
   *   return app.make('cache').update<number[]>(`cart:${user}`, (books = []) => [...books, book], { ttl: 3_600_000 })
   * }
   * ```
   */
  async update<T>(
    key: string,
    fn: (value: Kept<T> | undefined) => T | undefined | Promise<T | undefined>,
    options: KeepOptions = {},
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

  /** Gives the value and forgets it: of several who try at once, one gets it. */
  async take<T = unknown>(key: string): Promise<T | undefined> {
    return this.#entries.change(key, (found) => {
      const entry = freshEntry<T>(found)
      return entry ? { write: { text: undefined }, result: entry.value } : { result: undefined }
    })
  }

  /**
   * Gives the value, or has it computed and keeps it: once, however many ask at the same time, also in several processes. The
   * factory runs in a scope of its own; what it throws is given to all who wait, and not kept.
   *
   * @throws {CacheValueError} @throws {CacheOptionError} @throws {CacheCircleError}
   */
  async getOrSet<T>(key: string, factory: () => T | Promise<T>, options: FillOptions = {}): Promise<Kept<T>> {
    checkTime(key, 'timeout', options.timeout)
    this.#times(key, options)
    const value = await this.#fills.get({
      key,
      factory,
      tags: options.tags ?? [],
      timeout: options.timeout,
      times: () => this.#times(key, options),
    })
    // What stands under the key is what this factory makes: the caller says so by asking.
    return value as Kept<T>
  }

  async delete(key: string): Promise<void> {
    await this.deleteMany([key])
  }

  async deleteMany(keys: readonly string[]): Promise<void> {
    await this.#entries.store.delete(keys.map(keyOf))
  }

  /** Forgets whatever was kept with this tag. */
  async deleteTag(tag: string): Promise<void> {
    await this.deleteTags([tag])
  }

  /** Forgets whatever was kept with one of these tags, at once; a value that is being computed with it is not kept. */
  async deleteTags(tags: readonly string[]): Promise<void> {
    await this.#tags.end(tags)
  }

  /** Forgets every value in this store; locks, counts of limits and sessions stay. */
  async clear(): Promise<void> {
    await this.#entries.store.clear('cache')
    await this.#entries.store.clear('tag')
  }

  get #now(): number {
    return this.#app.make('clock').now()
  }

  #times(key: string, options: KeepOptions) {
    return timesOf(key, options, { ttl: this.#stores.ttl, now: this.#now })
  }

  /** @throws {CacheValueError} */
  #json(key: string, value: unknown): string {
    const json = toJson(key, value)
    if (json === undefined) throw new CacheValueError(key, 'value', 'it is undefined')
    return json
  }

  async #begin(key: string, options: KeepOptions): Promise<TagVersions> {
    const { staleUntil, expiresAt } = this.#times(key, options)
    const end = staleUntil ?? expiresAt
    return this.#tags.begin(options.tags ?? [], end === undefined ? undefined : end - this.#now)
  }

  #compose(key: string, json: string, options: KeepOptions, tags: TagVersions, fence?: number) {
    return this.#entries.compose(json, { ...this.#times(key, options), tags, fence })
  }
}

function freshEntry<T>(found: Found | undefined): CachedEntry<T> | undefined {
  if (!found?.isFresh) return undefined
  // What stands under a key is what the application has put there: the caller says what that is.
  return { value: found.entry.value as T, expiresAt: found.entry.expiresAt }
}
