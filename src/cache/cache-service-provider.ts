/** @module Registers `cache`, its stores, `cache.locker` and `limiter`. Nothing connects before something is kept. */
import type { CacheStore } from '../application/ports/cache-store.ts'
import type { HealthCheck } from '../application/ports/health-check.ts'
import type { ProcessMemory } from '../application/ports/process-memory.ts'
import { ServiceProvider } from '../application/service-provider.ts'
import { Cache } from './cache.ts'
import type { CacheConfig } from './cache-config.ts'
import { CacheStores } from './cache-stores.ts'
import { checkConfig } from './check-config.ts'
import { CacheConfigMissingError } from './errors.ts'
import { Limiter } from './limits/limiter.ts'
import { Locker } from './locks/locker.ts'

declare module '../container/services.ts' {
  interface Services {
    cache: Cache
    'cache.locker': Locker
    'cache.stores': CacheStores
    'cache.store': CacheStore
    'cache.health': HealthCheck
    /** Bound when a store lives in the memory of the process. */
    'cache.memory': ProcessMemory
  }
}

/**
 * Binds `cache`, `cache.stores`, `cache.store`, `cache.locker` and `limiter`.
 *
 * @example
 * ```ts
 * import { defineApp } from 'limber'
 * import { CacheServiceProvider } from 'limber/cache'
 *
 * export default defineApp({ name: 'library', providers: [CacheServiceProvider] })
 * ```
 */
export class CacheServiceProvider extends ServiceProvider {
  override register(): void {
    const config = this.app.config.find('cache')
    if (config) this.#bindStores(config)
    else {
      // Not asynchronous: whoever never uses the cache does without a configuration.
      this.app.singleton('cache.stores', () => {
        throw new CacheConfigMissingError()
      })
    }
    const { app } = this
    const needs = ['cache.stores'] as const
    // The stores are closed together.
    const dispose = () => undefined
    app.singleton('cache.store', (services) => services.make('cache.stores').get(), { needs, dispose })
    app.singleton('cache', (services) => new Cache(app, services.make('cache.stores')), { needs })
    app.singleton('cache.locker', (services) => new Locker(app, services.make('cache.stores').forLocks), {
      needs,
    })
    app.singleton('limiter', (services) => new Limiter(app, services.make('cache.stores').forLimits), {
      needs,
    })
  }

  /** @throws {InvalidCacheConfigError} */
  override boot(): void {
    const config = this.app.config.find('cache')
    if (config) checkConfig(config)
  }

  #bindStores(config: CacheConfig): void {
    this.app.singleton('cache.stores', async () => CacheStores.open(this.app, config), {
      dispose: (stores) => stores.close(),
    })
    const check = async () => this.app.make('cache.stores').ping()
    const isOptional = !config.essential
    this.app.singleton('cache.health', () => ({ name: 'cache', isOptional, check }), {
      needs: ['cache.stores'],
    })
    this.app.tag('health', 'cache.health')
    this.#tellOfMemory(config)
  }

  /** Each process would have values, locks and counts of its own. */
  #tellOfMemory({ stores }: CacheConfig): void {
    const inMemory = Object.entries(stores).flatMap(([name, { memory }]) =>
      memory ? [{ name: `"${name}"`, hint: memory.hint }] : [],
    )
    const [first] = inMemory
    if (!first) return
    const names = inMemory.map(({ name }) => name).join(', ')
    this.app.instance('cache.memory', { name: `the cache in memory of ${names}`, hint: first.hint })
    this.app.tag('process memory', 'cache.memory')
  }
}
