/** @module limber/cache: caches, locks and limits, kept in memory, files, databases, Redis or Memcached. */

export * from '../application/cache-stores/errors.ts'
export type { Cache, CachedEntry } from './cache.ts'
export * from './cache-config.ts'
export type { Kept } from './cache-json.ts'
export type { FillOptions, KeepOptions, SetOptions, TtlOptions } from './cache-options.ts'
export { CacheServiceProvider } from './cache-service-provider.ts'
export * from './cache-sessions.ts'
export type { CacheStores } from './cache-stores.ts'
export * from './errors.ts'
export * from './stores/errors.ts'
export { type MemoryStoreOptions, memoryStore } from './stores/memory-store.ts'
