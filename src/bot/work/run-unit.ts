/** @module Runs the unit of work of an update, which a stop can undo when there is no more time. */
import type { Application } from '../../application/application.ts'
import type { ScopeOptions } from '../../application/scope.ts'
import { enterScope } from '../../container/resolution-frame.ts'

/**
 * Commits when the function succeeds and rolls back when it throws.
 *
 * @param cut when it is aborted before the commit, everything is rolled back, and what still runs can write nothing any more
 * @throws the reason of the abort
 */
export async function runUnit<T>(
  app: Application,
  options: ScopeOptions,
  cut: AbortSignal,
  fn: () => Promise<T>,
): Promise<T> {
  cut.throwIfAborted()
  const scope = app.openScope(options)
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(cut.reason)
  cut.addEventListener('abort', onAbort, { once: true })
  try {
    const result = await Promise.race([enterScope(scope, fn), aborted])
    await scope.flush()
    cut.throwIfAborted()
    await scope.commit()
    await scope.close()
    return result
  } catch (error) {
    await scope.abandon(error)
    throw error
  } finally {
    cut.removeEventListener('abort', onAbort)
    scope.letGo()
  }
}
