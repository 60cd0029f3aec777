/** @module The store that a URL names, so that one variable moves an application from one to another. */
import type { CacheStoreDriver } from '../../application/ports/cache-store.ts'
import { StoreUrlError } from './errors.ts'
import { fileStore } from './file-store.ts'
import { memcachedStore } from './memcached-store.ts'
import { memoryStore } from './memory-store.ts'
import { redisStore } from './redis-store.ts'

const STORES: Readonly<Record<string, (rest: string, url: string) => CacheStoreDriver>> = {
  memory(rest, url) {
    if (rest !== '') throw new StoreUrlError(url, `"${rest}" has no meaning in it.`)
    return memoryStore()
  },
  file: (rest) => fileStore(rest === '' ? {} : { folder: rest.replace(/^\/\//, '') }),
  redis: (_rest, url) => redisStore({ url }),
  rediss: (_rest, url) => redisStore({ url }),
  memcached: (rest) => memcachedStore({ servers: rest.replace(/^\/\//, '').split(',') }),
}

/**
 * Gives the store that a URL names: `memory:`, `file:storage/cache`, `redis://host:6379`, `rediss://…` for TLS, or
 * `memcached://host:11211,other`.
 *
 * @throws {StoreUrlError} for any other URL
 * @example
 * ```ts
 * import { env } from 'limber'
 * import { defineCache, storeFromUrl } from 'limber/cache'
 *
 * export default defineCache({ stores: { main: storeFromUrl(env.string('CACHE_URL', 'file:storage/cache')) } })
 * ```
 */
export function storeFromUrl(url: string): CacheStoreDriver {
  const [, scheme = '', rest = ''] = /^([a-z]+):(.*)$/s.exec(url) ?? []
  const make = Object.hasOwn(STORES, scheme) ? STORES[scheme] : undefined
  if (!make) throw new StoreUrlError(url, 'its scheme is not that of a store.')
  return make(rest, url)
}
