/** @module The table of routes: every method and path once, and every name once. */
import { ServerStateError } from '../server/errors.ts'
import { RouteConflictError, RouteNameTakenError } from './errors.ts'
import { shapesOf } from './path.ts'
import type { Route } from './route.ts'

export class RouteTable {
  readonly #routes = new Map<string, Route>()
  readonly #names = new Map<string, Route>()
  #isClosed = false

  /** The routes, in the order they were added. */
  get routes(): readonly Route[] {
    return [...new Set(this.#routes.values())]
  }

  get names(): ReadonlyMap<string, Route> {
    return this.#names
  }

  close(): void {
    this.#isClosed = true
  }

  /** @throws {RouteConflictError} @throws {RouteNameTakenError} @throws {ServerStateError} */
  add(route: Route): void {
    if (this.#isClosed) {
      const hint = 'Add routes in the routes file, or in boot() of a provider.'
      throw new ServerStateError(`router: ${route.signature}`, 'ready', hint)
    }
    const keys = shapesOf(route.path).map((shape) => `${route.method} ${shape}`)
    const taken = keys.map((key) => this.#routes.get(key)).find((other) => other !== undefined)
    if (taken) throw new RouteConflictError(route.signature, taken, route.label)
    this.#addName(route)
    for (const key of keys) this.#routes.set(key, route)
  }

  #addName(route: Route): void {
    const { name } = route.options
    if (name === undefined) return
    const taken = this.#names.get(name)
    if (taken) throw new RouteNameTakenError(name, taken, route)
    this.#names.set(name, route)
  }
}
