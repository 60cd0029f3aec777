/** @module Shows the trash to everything in a function, and to nobody else. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { TrashMode } from './trash-options.ts'

const storage = new AsyncLocalStorage<TrashMode>()

/**
 * Runs a function in which every read also gives what is in the trash, unless it says otherwise itself.
 *
 * @example
 * ```ts
 * import { sessionScope, withTrashed } from 'limber/database'
 *
 * const audit = await withTrashed(() => sessionScope((session) => session.execute('select 1')))
 * ```
 */
export function withTrashed<T>(fn: () => T): T {
  return storage.run('with', fn)
}

/** What applies to a query that does not say itself whether it sees the trash. */
export function ambientTrashMode(): TrashMode {
  return storage.getStore() ?? 'without'
}
