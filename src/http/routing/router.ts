/** @module The router: filled by the routes file and by providers, read by the server. */
import type { Webhook } from '../../application/ports/webhook.ts'
import { WebhookRoute } from '../webhooks/webhook-route.ts'
import { type RouteName, type UrlArguments, urlOf } from './named-routes.ts'
import type { Route } from './route.ts'
import { RouteGroup } from './route-group.ts'
import type { RouteOwner } from './route-owner.ts'
import { type RouteList, RouteTable } from './route-table.ts'

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
  /** The application's, for the router of a module. */
  readonly #host: Router | undefined
  /** The routers of modules. */
  readonly #guests = new Set<Router>()

  /** @param guest whose routes they are, and the router that will have them: for those of modules */
  constructor(guest?: { readonly owner: RouteOwner; readonly host: Router }) {
    const table = new RouteTable(guest?.owner)
    super(table)
    this.#table = table
    this.#host = guest?.host
  }

  /** The routes, in the order they were added; those of the modules that are loaded come last. */
  get routes(): readonly Route[] {
    return [...this.#table.routes, ...this.guests.flatMap(({ routes }) => routes)]
  }

  /** The routes without those of modules. */
  get own(): RouteList {
    return this.#table
  }

  /** The routers of the modules that are loaded. */
  get guests(): readonly Router[] {
    return [...this.#guests]
  }

  /**
   * Takes the routes of a module in.
   *
   * @throws {RouteConflictError} @throws {RouteNameTakenError} when the application or another module has one of them
   */
  admit(guest: Router): void {
    for (const router of [this, ...this.#guests]) router.#table.refuseClash(guest.#table)
    this.#guests.add(guest)
  }

  /** Lets the routes of a module go. */
  dismiss(guest: Router): void {
    this.#guests.delete(guest)
  }

  /**
   * Adds the route that another service posts to. The server does it by itself for services that are tagged `webhook`.
   *
   * @throws {RouteConflictError} @throws {InvalidRouteError}
   */
  addWebhook(webhook: Webhook): void {
    this.#table.add(new WebhookRoute(webhook))
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
    return urlOf(this.#namesWith(name), name, params, options)
  }

  /** Names hold for the whole application, whoever asks. */
  #namesWith(name: string): ReadonlyMap<string, Route> {
    if (this.#table.names.has(name)) return this.#table.names
    const host = this.#host ?? this
    const tables = [this, host, ...host.#guests].map((router) => router.#table)
    const found = tables.find(({ names }) => names.has(name))
    return found?.names ?? new Map(tables.flatMap(({ names }) => [...names]))
  }
}
