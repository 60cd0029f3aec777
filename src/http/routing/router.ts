/** @module The router: filled by the routes file and by providers, read by the server. */
import { type RouteName, type UrlArguments, urlOf } from './named-routes.ts'
import type { Route } from './route.ts'
import { RouteGroup } from './route-group.ts'
import { RouteTable } from './route-table.ts'

/**
 * Collects routes. A controller is constructed by the container for each request, in the scope of that request. One that is
 * given as an import is loaded when it is first needed.
 *
 * Each verb throws a `RouteConflictError` for a method and path that are taken, a `RouteNameTakenError` for a name that is,
 * and an `InvalidRouteError` for a route that could never answer.
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
 *   router.get('/books/:id', [BooksController, 'show'], { params: bookParams, name: 'books.show' })
 * }
 * ```
 */
export class Router extends RouteGroup {
  readonly #table: RouteTable

  constructor() {
    const table = new RouteTable()
    super(table)
    this.#table = table
  }

  /** The routes, in the order they were added. */
  get routes(): readonly Route[] {
    return this.#table.routes
  }

  /** Takes no more routes: the server has read them. A later one would never be reached. */
  close(): void {
    this.#table.close()
  }

  /**
   * Gives the URL of a route by its name, with its parameters filled in and encoded.
   *
   * @throws {UnknownRouteNameError} @throws {PathParameterError}
   * @example
   * ```ts
   * import type { Router } from 'limber/http'
   *
   * declare module 'limber/http' {
   *   interface NamedRoutes {
   *     'shops.show': '/shops/:shop'
   *   }
   * }
   *
   * export const linkTo = (router: Router, shop: { id: number }) =>
   *   router.url('shops.show', { shop }, { query: { tab: 'books' } }) // /shops/7?tab=books
   * ```
   */
  url<Name extends RouteName>(name: Name, ...[params = {}, options = {}]: UrlArguments<Name>): string {
    return urlOf(this.#table.names, name, params, options)
  }
}
