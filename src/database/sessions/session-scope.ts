/** @module A unit of work with its session in hand: for scripts, jobs and bots. */
import { currentApplication } from '../../application/current-application.ts'
import type { ScopeOptions } from '../../application/scope.ts'
import { repeat } from '../transactions/retry.ts'
import type { RetryOptions } from '../transactions/transaction-options.ts'
import { sessionOf } from './scope-sessions.ts'
import type { Session } from './session.ts'

export interface SessionScopeOptions extends ScopeOptions, RetryOptions {
  /** The name of the connection whose session the function is given; default: that of `db.connection`. */
  readonly connection?: string
}

/**
 * Runs a function as a unit of work: committed when it succeeds, rolled back when it throws. It always starts a new one, of
 * the application of the scope around it, or else of the only one that is booted. What it gives stays usable: everything
 * loaded can be read, and what is not loaded says so.
 *
 * @throws {NoApplicationError} when no application is booted, or several are
 * @throws {ConnectionNotFoundError}
 * @throws {RetriesExhaustedError} after the last of `retry` repetitions
 * @example
 * ```ts
 * import { sessionScope } from 'limber/database'
 *
 * const authors = await sessionScope((session) => session.execute('select name from author'))
 * ```
 */
export async function sessionScope<T>(
  fn: (session: Session) => T | Promise<T>,
  { retry = 0, connection, ...options }: SessionScopeOptions = {},
): Promise<T> {
  const app = currentApplication()
  const scoped = { kind: 'session', ...options }
  return repeat(() => app.scope(() => fn(sessionOf(app, connection)), scoped), retry)
}
