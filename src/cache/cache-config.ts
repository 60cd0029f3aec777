/** @module The `cache` section of the configuration. */
import type { CacheStoreDriver } from '../application/ports/cache-store.ts'

export interface CacheConfig {
  /** The name of the store that is used where none is named; default: the only one there is. */
  readonly default?: string
  /** Where things are kept, by names of your choice. */
  readonly stores: Readonly<Record<string, CacheStoreDriver>>
  /** The store that keeps locks; default: the default store. */
  readonly locks?: string
  /** The store that counts what clients do; default: the default store. */
  readonly limits?: string
  /** What every key begins with, for servers that several applications share; default: the name of the application. */
  readonly prefix?: string
  /**
   * Whether the application is of no use without its stores, as with sessions in them: then `/ready` is a 503 while one is away,
   * in every process. Default false.
   */
  readonly essential?: boolean
  /** How long things are kept that say nothing else, in milliseconds; default: for ever. */
  readonly ttl?: number
}

declare module '../config/config.ts' {
  interface ConfigSections {
    cache: CacheConfig
  }
}

/**
 * Defines caches, locks and limits in `config/cache.ts`.
 *
 * @example
 * ```ts
 * import { defineCache, memoryStore } from 'limber/cache'
 *
 * export default defineCache({ stores: { main: memoryStore() } })
 * ```
 */
export function defineCache(config: CacheConfig): CacheConfig {
  return config
}
