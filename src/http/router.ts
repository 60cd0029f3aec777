/** @module The table of routes: filled by the routes file and by providers, read by the server. */
import type { Constructor } from '../support/class-of.ts'
import { RouteConflictError, ServerStateError } from './errors.ts'
import type { HttpContext, RouteSchemas } from './http-context.ts'
import { type HttpMethod, Route, type RouteHandler } from './route.ts'

/** A class whose method takes what the schemas of the route give. */
export type ControllerFor<Name extends string, S extends RouteSchemas> = Constructor<
  Record<Name, (context: HttpContext<S>) => unknown>
>

/** Refuses a schema under a name that no route has, such as `boddy`. */
type Known<S> = { readonly [N in keyof S]: N extends keyof RouteSchemas ? S[N] : never }

/** Adds a route. A handler that does not fit the schemas does not compile. */
export interface AddRoute {
  <S extends RouteSchemas = RouteSchemas>(
    path: string,
    handler: (context: HttpContext<NoInfer<S>>) => unknown,
    schemas?: S & Known<S>,
  ): void
  <const Name extends string, S extends RouteSchemas = RouteSchemas>(
    path: string,
    handler: readonly [controller: ControllerFor<NoInfer<Name>, NoInfer<S>>, method: Name],
    schemas?: S & Known<S>,
  ): void
}

/**
 * Collects routes. A controller is constructed by the container for each request, in the scope of that request.
 *
 * Each verb throws a `RouteConflictError` for a method and path that are taken, and an `InvalidRouteError` for a route
 * that could never answer.
 *
 * @example
 * ```ts
 * import type { HttpContext, Router } from 'limber/http'
 * import { z } from 'zod'
 *
 * const bookParams = z.object({ id: z.coerce.number().int() })
 *
 * class BooksController {
 *   show({ params }: HttpContext<typeof bookParams>) {
 *     return { id: params.id }
 *   }
 * }
 *
 * export default (router: Router) => {
 *   router.get('/', () => ({ hello: 'world' }))
 *   router.get('/books/:id', [BooksController, 'show'], { params: bookParams })
 * }
 * ```
 */
export class Router {
  readonly get: AddRoute = this.#verb('GET')
  readonly head: AddRoute = this.#verb('HEAD')
  readonly post: AddRoute = this.#verb('POST')
  readonly put: AddRoute = this.#verb('PUT')
  readonly patch: AddRoute = this.#verb('PATCH')
  readonly delete: AddRoute = this.#verb('DELETE')
  readonly options: AddRoute = this.#verb('OPTIONS')
  readonly #routes = new Map<string, Route>()
  #isClosed = false

  /** The routes, in the order they were added. */
  get routes(): readonly Route[] {
    return [...this.#routes.values()]
  }

  /** Takes no more routes: the server has read them. A later one would never be reached. */
  close(): void {
    this.#isClosed = true
  }

  #verb(method: HttpMethod): AddRoute {
    return (path: string, handler: RouteHandler, schemas: RouteSchemas = {}) =>
      this.#add(new Route(method, path, handler, schemas))
  }

  #add(route: Route): void {
    if (this.#isClosed) {
      const hint = 'Add routes in the routes file, or in boot() of a provider.'
      throw new ServerStateError(`router: ${route.signature}`, 'ready', hint)
    }
    const key = `${route.method} ${route.shape}`
    const taken = this.#routes.get(key)
    if (taken) throw new RouteConflictError(route.signature, taken, route.label)
    this.#routes.set(key, route)
  }
}
