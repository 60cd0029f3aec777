/** @module The session that a model uses: of the scope that is open here, on the connection that the model is on. */
import { Container } from '../../container/container.ts'
import { OutsideScopeError } from '../../container/errors.ts'
import { currentScope } from '../../container/resolution-frame.ts'
import type { AbstractConstructor } from '../../support/class-of.ts'
import { dbOf, sessionOf } from './scope-sessions.ts'
import type { Session } from './session.ts'

/**
 * Finds the session by the scope, never by state on the class: two applications may use the same class.
 *
 * @throws {OutsideScopeError} when no scope is open here
 */
export function currentSession(model: AbstractConstructor, call: string): Session {
  const application = currentScope()?.container
  if (!(application instanceof Container)) {
    throw new OutsideScopeError('db.session', [`${model.name}.${call}()`, '"db.session"'])
  }
  return sessionOf(application, dbOf(application).homeOf(model))
}
