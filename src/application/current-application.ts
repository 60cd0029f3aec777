/** @module The application that code means when it names none. */
import { currentScope } from '../container/resolution-frame.ts'
import { Application } from './application.ts'
import { bootedApplications } from './booted-applications.ts'
import { NoApplicationError } from './errors.ts'

/**
 * Gives the application of the scope that is open here, else the only one that is booted in this process.
 *
 * @throws {NoApplicationError} when none is booted, or several are and no scope tells which
 */
export function currentApplication(): Application {
  const owner = currentScope()?.container
  if (owner instanceof Application) return owner
  const [only, ...others] = bootedApplications()
  if (only instanceof Application && others.length === 0) return only
  throw new NoApplicationError(others.length > 0 ? others.length + 1 : 0)
}
