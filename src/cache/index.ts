/** @module limber/cache: caches, locks and limits, kept in memory, files, databases, Redis or Memcached. */

export * from '../application/cache-stores/errors.ts'
export * from './cache-config.ts'
export { CacheServiceProvider } from './cache-service-provider.ts'
export type { CacheStores } from './cache-stores.ts'
export * from './errors.ts'
export * from './stores/errors.ts'
export { type FileStoreOptions, fileStore } from './stores/file-store.ts'
export { type MemcachedStoreOptions, memcachedStore } from './stores/memcached-store.ts'
export { type MemoryStoreOptions, memoryStore } from './stores/memory-store.ts'
export { type RedisStoreOptions, redisStore } from './stores/redis-store.ts'
export { storeFromUrl } from './stores/store-from-url.ts'
