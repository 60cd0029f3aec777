/** @module Keeps things of the cache in a table of a database. */
import { ClockedStore } from '../../application/cache-stores/clocked-store.ts'
import type { CacheStoreDriver } from '../../application/ports/cache-store.ts'
import { DatabaseBackend } from './database-backend.ts'
import { type StoreAddress, storeDriver } from './store-driver.ts'
import { StoreTable } from './store-table.ts'

export interface DatabaseStoreOptions {
  /** A connection of `config/database.ts`; default: the default one. */
  readonly connection?: string
  /** A database of its own, in place of that connection. */
  readonly url?: string
  /** Made on first use; default: `limber_cache`. */
  readonly table?: string
}

/**
 * Keeps things in a table of a database, over a small pool of its own: what it keeps survives a unit of work that is rolled back.
 * With SQLite it is a file of its own, beside that of the connection: `app.sqlite` has `app.cache.sqlite`.
 *
 * @example
 * ```ts
 * import { defineCache } from 'limber/cache'
 * import { databaseStore } from 'limber/database'
 *
 * export default defineCache({ stores: { main: databaseStore() } })
 * ```
 */
export function databaseStore({
  table = 'limber_cache',
  ...address
}: DatabaseStoreOptions = {}): CacheStoreDriver {
  return {
    name: 'database',
    ...(isInMemory(address) && {
      memory: {
        name: 'the cache in an SQLite database in memory',
        hint: 'Give it a file or a server in config/cache.ts.',
      },
    }),
    async open(facts) {
      const driver = await storeDriver(facts.app, address)
      return new ClockedStore(new DatabaseBackend(new StoreTable(facts, driver, table)), facts)
    },
  }
}

/** A connection in memory says so itself. */
function isInMemory({ url }: StoreAddress): boolean {
  return url !== undefined && /^sqlite:(\/\/)?:memory:$/i.test(url)
}
