/** @module Keeps things on Memcached servers. */
import type { ConnectionOptions } from 'node:tls'
import { ClockedStore } from '../../application/cache-stores/clocked-store.ts'
import type { CacheStoreDriver } from '../../application/ports/cache-store.ts'
import { StoreUrlError } from './errors.ts'
import { MemcachedBackend } from './memcached-backend.ts'
import { MemcachedServers } from './memcached-servers.ts'

export interface MemcachedStoreOptions {
  /** `host:port`, or `host` for port 11211; the keys are divided among them. Default: `127.0.0.1:11211`. */
  readonly servers?: readonly string[]
  /** True checks the certificates by the authorities of Node.js; default: false. */
  readonly tls?: boolean | ConnectionOptions
  /** How long a connection or an answer may take, in milliseconds; default: 2,000. */
  readonly timeout?: number
}

/**
 * Keeps things on Memcached servers (1.6 or newer), shared by all processes that know them. A server forgets what it has no
 * room for and everything when it ends, locks and counts as well. It connects when it is first used.
 *
 * @throws {StoreUrlError} when a server is no host and port
 * @example
 * ```ts
 * import { defineCache, memcachedStore } from 'limber/cache'
 *
 * export default defineCache({ stores: { main: memcachedStore({ servers: ['10.0.0.7:11211', '10.0.0.8:11211'] }) } })
 * ```
 */
export function memcachedStore(options: MemcachedStoreOptions = {}): CacheStoreDriver {
  const { servers = ['127.0.0.1:11211'], tls = false, timeout = 2_000 } = options
  if (servers.length === 0) throw new StoreUrlError('memcached:', 'it names no server.')
  for (const server of servers) {
    if (!/^(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i.test(server)) {
      throw new StoreUrlError(`memcached://${server}`, `"${server}" is no host and port.`)
    }
  }
  return {
    name: 'memcached',
    open: (facts) => {
      const { name } = facts
      const backend = new MemcachedBackend(new MemcachedServers({ servers, tls, timeout, name }), name)
      return new ClockedStore(backend, facts)
    },
  }
}
