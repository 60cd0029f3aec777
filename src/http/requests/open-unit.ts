/** @module Opens a unit of work that a stop waits for, and undoes when there is no more time. */
import type { Application } from '../../application/application.ts'
import type { ScopeOptions } from '../../application/scope.ts'
import { ServerStoppingError } from '../problems/request-errors.ts'
import type { OpenThings, OpenWork } from '../server/in-flight.ts'
import { RequestScope } from './request-scope.ts'

/** @param describe says what it is; asked only when it has to be cut */
export function openUnit(
  app: Application,
  inFlight: OpenThings,
  options: ScopeOptions,
  describe: () => OpenWork,
): RequestScope {
  const unit = new RequestScope(app.openScope(options), () => inFlight.leave(unit))
  inFlight.enter(unit, () => unit.abandon(new ServerStoppingError()), describe)
  return unit
}
