/** @module Why no route answers a request: another method would, or the path is nearly one that exists. */
import type { LimberError } from '../../errors/limber-error.ts'
import { suggest } from '../../support/suggest.ts'
import { MethodNotAllowedError, RouteNotFoundError } from '../problems/request-errors.ts'
import { pathOf } from './path.ts'
import type { Route } from './route.ts'

/** @param mayHint whether the client may learn the paths of other routes */
export function explainMissing(
  routes: readonly Route[],
  method: string,
  url: string,
  mayHint: boolean,
): LimberError {
  const path = pathOf(url)
  const allowed = new Set<string>(routes.filter((route) => route.matches(path)).map((route) => route.method))
  if (allowed.has('GET')) allowed.add('HEAD')
  // A route of this method that looks like it has refused the path: a parameter is too long.
  if (allowed.size > 0 && !allowed.has(method)) return new MethodNotAllowedError(method, path, [...allowed])
  const near = mayHint
    ? suggest(
        path,
        routes.map((route) => route.toward(path)).filter((near) => near !== path),
      )
    : undefined
  return new RouteNotFoundError(method, path, near)
}
