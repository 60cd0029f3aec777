/** @module What has to wait until the work is saved: mails, jobs, messages to others. */
import { currentScope } from '../container/resolution-frame.ts'
import { NoScopeError } from './errors.ts'
import { Scope } from './scope.ts'

/**
 * Runs a function when the unit of work that is open here is committed, and not at all when it is rolled back; inside
 * `db.transaction` neither when only that is rolled back. An error in it is logged and undoes nothing.
 *
 * @throws {NoScopeError} outside of a scope
 * @example
 * ```ts
 * import { afterCommit } from 'limber'
 *
 * export function welcome(name: string) {
 *   afterCommit(() => console.log(`Welcome, ${name}.`))
 * }
 * ```
 */
export function afterCommit(fn: () => unknown): void {
  const scope = currentScope()
  if (!(scope instanceof Scope)) throw new NoScopeError('afterCommit()')
  scope.afterCommit(fn)
}
