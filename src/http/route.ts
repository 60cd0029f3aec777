/** @module One route: which requests it answers, and who answers them. */
import type { Application } from '../application/application.ts'
import type { Constructor } from '../support/class-of.ts'
import { InvalidRouteError } from './errors.ts'
import type { HttpContext, RouteSchemas } from './http-context.ts'
import { isFinalStatus } from './http-response.ts'

export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'

/** A handler whose fit with the schemas was checked when the route was written. */
export type RouteHandler = ((context: never) => unknown) | readonly [controller: Constructor, method: string]

export class Route {
  readonly method: HttpMethod
  readonly path: string
  readonly schemas: RouteSchemas
  readonly #handler: RouteHandler

  constructor(method: HttpMethod, path: string, handler: RouteHandler, schemas: RouteSchemas) {
    this.method = method
    this.path = path
    this.schemas = schemas
    this.#handler = handler
    this.#refuseInvalid()
  }

  /** The method and the path: `GET /books/:id`. */
  get signature(): string {
    return `${this.method} ${this.path}`
  }

  /** Who answers: `BooksController.show`, or the name of a function. */
  get label(): string {
    const handler = this.#handler
    if (typeof handler === 'function') return handler.name || '(anonymous function)'
    return `${handler[0].name}.${handler[1]}`
  }

  /** The class that is made for each request; undefined where a function answers. */
  get controller(): Constructor | undefined {
    return typeof this.#handler === 'function' ? undefined : this.#handler[0]
  }

  /** The path without the names of its parameters: two routes with the same shape answer the same requests. */
  get shape(): string {
    return this.path.replace(/:\w+/g, ':')
  }

  /** Whether a path could be meant for this route; parameters accept anything here. */
  matches(path: string): boolean {
    return this.toward(path) === path
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
    if (typeof this.#handler === 'function') return Reflect.apply(this.#handler, undefined, [context])
    const [type, name] = this.#handler
    const controller = app.make<unknown>(type)
    const method: unknown = Reflect.get(Object(controller), name)
    if (typeof method !== 'function') throw this.#invalid(`it has no method "${name}".`, 'Name one it has.')
    return Reflect.apply(method, controller, [context])
  }

  #refuseInvalid(): void {
    const { body, status } = this.schemas
    if (!this.path.startsWith('/')) {
      throw this.#invalid('its path does not start with a slash.', `Write "/${this.path}".`)
    }
    if (body && (this.method === 'GET' || this.method === 'HEAD')) {
      throw this.#invalid('a request of this method has no body.', 'Describe its query instead.')
    }
    if (status !== undefined && !isFinalStatus(status)) {
      throw this.#invalid(`its status ${status} is not between 200 and 599.`, 'Correct the status.')
    }
  }

  #invalid(reason: string, hint: string): InvalidRouteError {
    return new InvalidRouteError(this.signature, this.label, reason, hint)
  }
}
