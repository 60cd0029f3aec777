/** @module Keeps things in the memory of the process. */
import { ClockedStore } from '../../application/cache-stores/clocked-store.ts'
import type { CacheStoreDriver } from '../../application/ports/cache-store.ts'
import { MemoryBackend } from './memory-backend.ts'

export interface MemoryStoreOptions {
  /** How many keys are kept; with more, what was used longest ago is forgotten. Default: 10,000. */
  readonly max?: number
  /** How many bytes keys and texts may take, about; default: 100 MB. */
  readonly maxBytes?: number
}

/**
 * Keeps things in the memory of the process: they are gone when it ends, and each of several processes has its own.
 *
 * It forgets what was used longest ago when it is full, locks and counts as well.
 *
 * @example
 * ```ts
 * import { defineCache, memoryStore } from 'limber/cache'
 *
 * export default defineCache({ stores: { main: memoryStore({ max: 50_000 }) } })
 * ```
 */
export function memoryStore({
  max = 10_000,
  maxBytes = 100_000_000,
}: MemoryStoreOptions = {}): CacheStoreDriver {
  return {
    name: 'memory',
    memory: {
      name: 'a store of the cache in memory',
      hint: 'Give config/cache.ts a store that all processes share: fileStore(), redisStore({ … }).',
    },
    open: (facts) => new ClockedStore(new MemoryBackend({ max, maxBytes }), facts),
  }
}
