/** @module The stores of an application, by their names in the configuration. */
import type { Application } from '../application/application.ts'
import type { CacheStore } from '../application/ports/cache-store.ts'
import { attemptAll, throwAll } from '../errors/attempt-all.ts'
import { suggest } from '../support/suggest.ts'
import type { CacheConfig } from './cache-config.ts'
import { checkConfig } from './check-config.ts'
import { StoreNotFoundError } from './errors.ts'

/** Gives the stores of config/cache.ts by name: `app.make('cache.stores')`. */
export class CacheStores {
  readonly #config: CacheConfig
  readonly #stores: ReadonlyMap<string, CacheStore>

  private constructor(config: CacheConfig, stores: ReadonlyMap<string, CacheStore>) {
    this.#config = config
    this.#stores = stores
  }

  /** @throws {InvalidCacheConfigError} */
  static async open(app: Application, config: CacheConfig): Promise<CacheStores> {
    // A provider that boots before that of the cache may ask before the configuration was looked at.
    checkConfig(config)
    const prefix = config.prefix ?? app.config.find('app')?.name ?? 'limber'
    const stores = new Map<string, CacheStore>()
    for (const [name, driver] of Object.entries(config.stores)) {
      stores.set(name, await driver.open({ app, name, prefix }))
    }
    return new CacheStores(config, stores)
  }

  get names(): readonly string[] {
    return [...this.#stores.keys()]
  }

  /**
   * @param name default: the default store
   * @throws {StoreNotFoundError}
   */
  get(name = this.default): CacheStore {
    const store = this.#stores.get(name)
    if (!store) throw new StoreNotFoundError(name, this.names, suggest(name, this.names))
    return store
  }

  /** The name of the store that is used where none is named. */
  get default(): string {
    // The configuration was checked: where it names none there is one only.
    return this.#config.default ?? this.names.join()
  }

  /** How long things are kept that say nothing else, in milliseconds; undefined is for ever. */
  get ttl(): number | undefined {
    return this.#config.ttl
  }

  get forLocks(): CacheStore {
    return this.get(this.#config.locks)
  }

  get forLimits(): CacheStore {
    return this.get(this.#config.limits)
  }

  /** Resolves when every store works, rejects with the reasons when one does not. */
  async ping(): Promise<void> {
    const results = await Promise.allSettled([...this.#stores.values()].map((store) => store.ping()))
    const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
    throwAll(errors, `${errors.length} stores of the cache do not answer.`)
  }

  async close(): Promise<void> {
    const errors = await attemptAll([...this.#stores.values()].map((store) => () => store.close()))
    throwAll(errors, `${errors.length} stores of the cache failed to close.`)
  }
}
