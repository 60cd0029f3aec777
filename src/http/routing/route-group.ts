/** @module Adds routes, those of a group with what they have in common. */
import type { AddEventRoute, EventOptions } from '../live/event-options.ts'
import { EventRoute } from '../live/event-route.ts'
import type { AddSocketRoute } from '../live/socket-handlers.ts'
import type { SocketOptions } from '../live/socket-options.ts'
import { type SocketAnswerer, SocketRoute } from '../live/socket-route.ts'
import type { AddRoute } from './add-route.ts'
import type { RouteHandler } from './handler.ts'
import { joinPaths } from './path.ts'
import { type AddResource, actionsOf } from './resource.ts'
import { type HttpMethod, Route } from './route.ts'
import type { RouteOptions } from './route-options.ts'
import type { RouteTable } from './route-table.ts'

/** What the routes of a group have in common. What a route says itself comes after, or instead. */
export interface GroupOptions
  extends Pick<
    RouteOptions,
    | 'name'
    | 'guards'
    | 'middleware'
    | 'csrf'
    | 'tags'
    | 'autoCommit'
    | 'readOnly'
    | 'bodyLimit'
    | 'timeout'
    | 'deprecated'
    | 'documented'
  > {
  /** Stands before the path of each route: `/admin`. */
  readonly prefix?: string
}

export class RouteGroup {
  readonly get: AddRoute = this.#verb('GET')
  readonly head: AddRoute = this.#verb('HEAD')
  readonly post: AddRoute = this.#verb('POST')
  readonly put: AddRoute = this.#verb('PUT')
  readonly patch: AddRoute = this.#verb('PATCH')
  readonly delete: AddRoute = this.#verb('DELETE')
  readonly options: AddRoute = this.#verb('OPTIONS')

  /**
   * Adds the routes of a collection: of these actions those that are given, each with its options.
   *
   * | action | route | name |
   * | --- | --- | --- |
   * | `index` | `GET /books` | `books.index` |
   * | `store` | `POST /books` | `books.store` |
   * | `show` | `GET /books/:book` | `books.show` |
   * | `update` | `PATCH /books/:book` | `books.update` |
   * | `destroy` | `DELETE /books/:book` | `books.destroy` |
   *
   * The path ends with the parameter of one item. A nested one is written out: `/authors/:author/books/:book`.
   *
   * @throws {InvalidRouteError} @throws {RouteConflictError} @throws {RouteNameTakenError}
   */
  readonly resource: AddResource = (path: string, controller, actions) => {
    for (const { method, path: own, name, options, handler } of actionsOf(path, controller, actions)) {
      this.#add(own, { name, ...options }, (at, all) => new Route(method, at, handler, all))
    }
  }

  /** Adds a route that answers with server-sent events. */
  readonly sse: AddEventRoute = (path: string, handler: RouteHandler, options: EventOptions = {}) =>
    this.#add(path, options, (at, all) => new EventRoute(at, handler, all))

  /** Adds a route that answers a WebSocket: with a class, made for each message, or an object. */
  readonly ws: AddSocketRoute = (path: string, answerer: SocketAnswerer, options: SocketOptions = {}) =>
    this.#add(path, options, (at, all) => new SocketRoute(at, answerer, all))

  readonly #table: RouteTable
  readonly #common: GroupOptions

  constructor(table: RouteTable, common: GroupOptions = {}) {
    this.#table = table
    this.#common = common
  }

  /**
   * Adds routes that have something in common.
   *
   * @example
   * ```ts
   * import type { Router } from 'limber/http'
   *
   * export default (router: Router) => {
   *   router.group({ prefix: '/admin', name: 'admin', tags: ['Administration'] }, (admin) => {
   *     admin.get('/books', () => [], { name: 'books' }) // admin.books: GET /admin/books
   *   })
   * }
   * ```
   */
  group(options: GroupOptions, add: (group: RouteGroup) => void): void {
    const { prefix = '', ...own } = options
    const common = { ...inherit(this.#common, own), prefix: joinPaths(this.#common.prefix ?? '', prefix) }
    add(new RouteGroup(this.#table, common))
  }

  #verb(method: HttpMethod): AddRoute {
    return (path: string, handler: RouteHandler, options: RouteOptions = {}) =>
      this.#add(path, options, (at, all) => new Route(method, at, handler, all))
  }

  #add<S extends GroupOptions>(path: string, options: S, make: (path: string, options: S) => Route): void {
    const { prefix = '', name, ...common } = this.#common
    // The name of a group alone names none of its routes.
    const shared = options.name === undefined || name === undefined ? common : { ...common, name }
    this.#table.add(make(joinPaths(prefix, path), inherit(shared, options)))
  }
}

/** Guards, middleware and tags of the group come first; a name stands behind that of the group. */
function inherit<Own extends GroupOptions>(common: GroupOptions, own: Own): Own {
  const names = [common.name, own.name].filter((name) => name !== undefined)
  return {
    ...common,
    ...own,
    ...(names.length > 0 && { name: names.join('.') }),
    ...(common.guards && { guards: [...common.guards, ...(own.guards ?? [])] }),
    ...(common.middleware && { middleware: [...common.middleware, ...(own.middleware ?? [])] }),
    ...(common.tags && { tags: [...common.tags, ...(own.tags ?? [])] }),
  }
}
