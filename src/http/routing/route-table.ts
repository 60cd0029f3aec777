/** @module The table of routes: every method and path once, and every name once. */
import { ServerStateError } from '../server/errors.ts'
import { RouteConflictError, RouteNameTakenError } from './errors.ts'
import { shapesOf } from './path.ts'
import type { Route } from './route.ts'
import type { RouteOwner } from './route-owner.ts'

/** What a server is built from. */
export interface RouteList {
  readonly routes: readonly Route[]
  /** Called when the server reads them: a later one would never be reached. */
  close(): void
}

export class RouteTable implements RouteList {
  readonly #owner: RouteOwner | undefined
  readonly #routes = new Map<string, Route>()
  readonly #names = new Map<string, Route>()
  #isClosed = false

  /** @param owner the module that all of them belong to */
  constructor(owner?: RouteOwner) {
    this.#owner = owner
  }

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
    if (this.#owner) route.belongTo(this.#owner)
    const keys = shapesOf(route.path).map((shape) => `${route.method} ${shape}`)
    const taken = keys.map((key) => this.#routes.get(key)).find((other) => other !== undefined)
    if (taken) throw conflictOf(route, taken)
    this.#addName(route)
    for (const key of keys) this.#routes.set(key, route)
  }

  /**
   * Refuses another table that has a route or a name which this one has too.
   *
   * @throws {RouteConflictError} @throws {RouteNameTakenError}
   */
  refuseClash(other: RouteTable): void {
    for (const [key, route] of other.#routes) {
      const taken = this.#routes.get(key)
      if (taken) throw conflictOf(route, taken)
    }
    for (const [name, route] of other.#names) {
      const taken = this.#names.get(name)
      if (taken) throw new RouteNameTakenError(name, named(taken), named(route))
    }
  }

  #addName(route: Route): void {
    const { name } = route.options
    if (name === undefined) return
    const taken = this.#names.get(name)
    if (taken) throw new RouteNameTakenError(name, named(taken), named(route))
    this.#names.set(name, route)
  }
}

function conflictOf(route: Route, taken: Route): RouteConflictError {
  return new RouteConflictError(route.signature, named(taken), route.title)
}

/** As messages name it, where two of them may be alike. */
function named({ signature, title }: Route) {
  return { signature, label: title }
}
