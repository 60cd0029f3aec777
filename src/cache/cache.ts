/** @module The cache: values under keys, for a time. */
import type { Application } from '../application/application.ts'
import { type CachedEntry, CacheEntries, freshEntry, keyOf } from './cache-entries.ts'
import { CacheFills } from './cache-fills.ts'
import type { Kept } from './cache-json.ts'
import {
  checkTime,
  type FillOptions,
  type KeepOptions,
  type SetOptions,
  type TtlOptions,
} from './cache-options.ts'
import type { CacheStores } from './cache-stores.ts'
import { CacheTags } from './cache-tags.ts'
import { CacheWrites } from './cache-writes.ts'

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
  readonly #writes: CacheWrites
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
    this.#writes = new CacheWrites(this.#entries, this.#tags, { clock, ttl: stores.ttl })
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
    const found = (await this.#entries.read(keys)).map((one) => freshEntry<T>(one))
    return new Map(keys.flatMap((key, index) => (found[index] ? [[key, found[index].value]] : [])))
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
  set(key: string, value: unknown, options: SetOptions = {}): Promise<void> {
    return this.#writes.set(key, value, options)
  }

  /**
   * Keeps a value when there is none: of several who try at once, one succeeds.
   *
   * @returns whether it was kept
   * @throws {CacheValueError} @throws {CacheOptionError}
   */
  add(key: string, value: unknown, options: KeepOptions = {}): Promise<boolean> {
    return this.#writes.add(key, value, options)
  }

  /**
   * Adds to a count, which begins at 0. A `ttl` is that of a new count; one that goes on keeps its end.
   *
   * @throws {NotACountError} @throws {CountOutOfRangeError} @throws {CacheOptionError}
   */
  increment(key: string, by = 1, options: TtlOptions = {}): Promise<number> {
    return this.#writes.increment(key, by, options)
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
  update<T>(
    key: string,
    fn: (value: Kept<T> | undefined) => T | undefined | Promise<T | undefined>,
    options: KeepOptions = {},
  ): Promise<Kept<T> | undefined> {
    return this.#writes.update(key, fn, options)
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
    const { tags = [], timeout } = options
    const times = () => this.#writes.times(key, options)
    checkTime(key, 'timeout', timeout)
    // Refuses before anything is asked.
    times()
    const value = await this.#fills.get({ key, factory, tags, timeout, times })
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
}
