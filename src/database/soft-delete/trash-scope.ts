/** @module Shows the trash to everything in a function, and to nobody else. */
import { AsyncLocalStorage } from 'node:async_hooks'

export type TrashMode = 'without' | 'with' | 'only'

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

/** Runs a function in which this applies to each query that does not say itself what it sees. */
export function inTrashMode<T>(mode: TrashMode, fn: () => T): T {
  return storage.run(mode, fn)
}

/** What applies to a query that does not say itself whether it sees the trash. */
export function ambientTrashMode(): TrashMode {
  return storage.getStore() ?? 'without'
}
