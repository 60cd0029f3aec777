/** @module One route: which requests it answers, and who answers them. */
import type { Application } from '../../application/application.ts'
import type { Constructor } from '../../support/class-of.ts'
import { isFinalStatus } from '../replies/http-response.ts'
import type { HttpContext } from '../requests/http-context.ts'
import { checkLimits } from './check-limits.ts'
import { InvalidRouteError } from './errors.ts'
import { Handler, type RouteHandler } from './handler.ts'
import { bindingOf } from './model-bindings.ts'
import { parametersOf, pathFault, patternOf, shapeOf } from './path.ts'
import type { RouteOptions } from './route-options.ts'
import type { RouteOwner } from './route-owner.ts'

export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'

export class Route {
  readonly method: HttpMethod
  readonly path: string
  readonly options: RouteOptions
  readonly #handler: Handler
  #pattern: RegExp | undefined
  #owner: RouteOwner | undefined

  constructor(method: HttpMethod, path: string, handler: RouteHandler, options: RouteOptions) {
    this.method = method
    this.path = path
    this.options = options
    this.#handler = new Handler(handler)
    this.#refuseInvalid()
  }

  /** The method and the path: `GET /books/:id`. */
  get signature(): string {
    return `${this.method} ${this.path}`
  }

  /** What it is listed as: its method, or what its connection is for. */
  get verb(): string {
    return this.method
  }

  /** Who answers: `BooksController.show`, or the name of a function. */
  get label(): string {
    return this.#handler.label
  }

  /** The same, with the module that it belongs to. */
  get title(): string {
    return this.#owner ? `${this.label} (module ${this.#owner.name})` : this.label
  }

  /** The module that it belongs to; undefined for a route of the application. */
  get owner(): RouteOwner | undefined {
    return this.#owner
  }

  belongTo(owner: RouteOwner): void {
    this.#owner = owner
  }

  /** The path without the names of its parameters: two routes with the same shape answer the same requests. */
  get shape(): string {
    return shapeOf(this.path)
  }

  /** The names of the parameters of the path. */
  get parameters(): readonly string[] {
    return parametersOf(this.path)
  }

  /** Gives the class that is made for each request, which may import its file; undefined where a function answers. */
  controller(): Promise<Constructor | undefined> {
    return this.#handler.controller()
  }

  /** Whether a path is one of those that it answers. */
  matches(path: string): boolean {
    this.#pattern ??= patternOf(this.path)
    return this.#pattern.test(path)
  }

  /** This route's path with the parameters of another one filled in: what somebody may have wanted to write. */
  toward(path: string): string {
    const written = path.split('/')
    const filled = this.path.split('/').flatMap((segment, index) => {
      if (segment === '*') return written.slice(index)
      return (segment.includes(':') && written[index]) || segment
    })
    return filled.join('/')
  }

  /** Calls the handler; a controller is made by the container, in the scope that is open. */
  invoke(app: Application, context: HttpContext): unknown {
    return this.#handler.invoke(app, context)
  }

  #refuseInvalid(): void {
    const { body, status, bodyLimit, timeout } = this.options
    if (!this.path.startsWith('/')) {
      throw this.#invalid('its path does not start with a slash.', `Write "/${this.path}".`)
    }
    const fault = pathFault(this.path)
    if (fault !== undefined) throw this.#invalid(fault, 'Correct its path.')
    if (body && (this.method === 'GET' || this.method === 'HEAD')) {
      throw this.#invalid('a request of this method has no body.', 'Describe its query instead.')
    }
    if (status !== undefined && !isFinalStatus(status)) {
      throw this.#invalid(`its status ${status} is not between 200 and 599.`, 'Correct the status.')
    }
    checkLimits(this, { bodyLimit, timeout: timeout || undefined })
    this.#refuseUnbindable()
  }

  /** Rows are found in the order of the path, so that one that belongs to another comes behind it. */
  #refuseUnbindable(): void {
    const { bind = {} } = this.options
    const bound: string[] = []
    for (const [name, entry] of Object.entries(bind)) {
      const { of } = bindingOf(entry)
      if (!this.parameters.includes(name)) {
        throw this.#invalid(
          `it binds "${name}", which is no parameter of its path.`,
          `Write ":${name}" in the path.`,
        )
      }
      if (of !== undefined && !bound.includes(of)) {
        throw this.#invalid(
          `its "${name}" is bound to be of "${of}", which is not bound before it.`,
          `Bind "${of}" first.`,
        )
      }
      bound.push(name)
    }
  }

  #invalid(reason: string, hint: string): InvalidRouteError {
    return new InvalidRouteError(this.signature, this.label, reason, hint)
  }
}
