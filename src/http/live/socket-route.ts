/** @module A route that answers a WebSocket. */
import type { Application } from '../../application/application.ts'
import type { Constructor } from '../../support/class-of.ts'
import type { HttpContext } from '../requests/http-context.ts'
import { checkLimits } from '../routing/check-limits.ts'
import { InvalidRouteError } from '../routing/errors.ts'
import type { RouteHandler } from '../routing/handler.ts'
import { UpgradeRequiredError } from './errors.ts'
import { Handshake, refuseMalformed } from './handshake.ts'
import { LiveRoute } from './live-route.ts'
import { refuseStrangers } from './origin.ts'
import type { Closing } from './socket-handlers.ts'
import type { SocketOptions } from './socket-options.ts'

/** Handlers whose fit with the schemas was checked when the route was written. */
export interface CheckedHandlers {
  readonly open?: (socket: never) => unknown
  readonly message: (message: never, socket: never) => unknown
  readonly close?: (socket: never, closing: Closing) => unknown
}

export type SocketAnswerer = Constructor<CheckedHandlers> | CheckedHandlers

export class SocketRoute extends LiveRoute {
  declare readonly options: SocketOptions
  readonly #answerer: SocketAnswerer

  constructor(path: string, answerer: SocketAnswerer, options: SocketOptions) {
    super('GET', path, handlerOf(path, answerer), options)
    this.#answerer = answerer
    const { maxPayload, heartbeat, maxQueued, maxBuffered } = options
    checkLimits(this, { maxPayload, heartbeat, maxQueued, maxBuffered })
  }

  override get verb(): string {
    return 'WS'
  }

  override begin(context: HttpContext): Handshake {
    // HEAD is answered by every route for GET, and has no WebSocket.
    if (!context.request.ws || context.request.method !== 'GET') throw new UpgradeRequiredError(this.path)
    refuseMalformed(context.request.headers, this.path)
    refuseStrangers(context.request, this.options.origins)
    return new Handshake(context)
  }

  /** Calls a handler, if there is one; a controller is made by the container, in the scope that is open. */
  async call(app: Application, name: keyof CheckedHandlers, facts: readonly unknown[]): Promise<unknown> {
    const answerer = typeof this.#answerer === 'function' ? app.make(this.#answerer) : this.#answerer
    const handler = answerer[name]
    if (typeof handler === 'function') return Reflect.apply(handler, answerer, facts)
    if (name !== 'message') return undefined
    throw new InvalidRouteError(this.signature, this.label, 'it has no method "message".', 'Give it one.')
  }
}

function handlerOf(path: string, answerer: SocketAnswerer): RouteHandler {
  if (typeof answerer === 'function') return [answerer, 'message']
  if (typeof answerer.message === 'function') return answerer.message
  throw new InvalidRouteError(`WS ${path}`, path, 'it has no handler of messages.', 'Give it { message }.')
}
