/** @module limber/cache: caches, locks and limits, kept in memory, files, databases, Redis or Memcached. */
export * from './cache-config.ts'
export { CacheServiceProvider } from './cache-service-provider.ts'
export type { CacheStores } from './cache-stores.ts'
export * from './errors.ts'
