/** @module One WebSocket, as its handlers see it. */
import type { FastifyRequest } from 'fastify'
import type { Fault } from '../../errors/limber-error.ts'
import { InvalidReplyError, ResponseInvalidError } from '../replies/errors.ts'
import { NotWireError, toWire } from '../replies/to-wire.ts'
import type { HttpContext } from '../requests/http-context.ts'
import type { Route } from '../routing/route.ts'
import { faultsOf } from '../schemas/validate.ts'
import type { Lifetime } from './lifetime.ts'
import type { SentOn, SocketOptions } from './socket-options.ts'
import { OPEN, type WireSocket } from './wire-socket.ts'

const MAX_BUFFERED = 4 * 1_048_576

type RouteOfSocket = Route & { readonly options: SocketOptions }

export class Socket<S extends SocketOptions = SocketOptions, Data extends object = Record<string, unknown>> {
  readonly params: HttpContext<S>['params']
  readonly query: HttpContext<S>['query']
  readonly headers: HttpContext<S>['headers']
  /** The request that the connection began with. */
  readonly request: FastifyRequest
  /** What the handlers keep between messages, such as who is there. It is empty at first. */
  readonly data: Partial<Data> = {}
  /** Aborted when the connection is over, or the server stops. */
  readonly signal: AbortSignal
  readonly #route: RouteOfSocket
  readonly #wire: WireSocket
  readonly #lifetime: Lifetime

  constructor(route: RouteOfSocket, wire: WireSocket, context: HttpContext<S>, lifetime: Lifetime) {
    this.params = context.params
    this.query = context.query
    this.headers = context.headers
    this.request = context.request
    this.signal = lifetime.signal
    this.#lifetime = lifetime
    this.#route = route
    this.#wire = wire
  }

  /** The id of the request that the connection began with: the same as in the log. */
  get id(): string {
    return this.request.id
  }

  /**
   * Sends at once, also when the unit of work is rolled back later; what `message` gives is sent after the commit. When the
   * connection is over it does nothing.
   *
   * @throws {ResponseInvalidError} when the value does not fit the schema of the route, or JSON
   * @throws {InvalidReplyError} when that schema is asynchronous
   */
  send(value: SentOn<S>): void {
    this.transmit(this.encode(value))
  }

  /**
   * Closes the connection: no message is taken any more, those that have come are handled. The code is 1000, or one of your
   * own from 4000 to 4999.
   */
  close(code = 1000, reason = ''): void {
    this.#wire.close(code, reason)
    this.#lifetime.end()
  }

  /**
   * What goes over the wire for a value. Without a schema, texts and bytes go as they are.
   *
   * @internal
   */
  encode(value: unknown): string | Uint8Array {
    const schema = this.#route.options.sends
    if (!schema && (typeof value === 'string' || value instanceof Uint8Array)) return value
    try {
      const wire = toWire(value)
      return JSON.stringify((schema ? toWire(this.#checked(schema, wire)) : wire) ?? null)
    } catch (error) {
      if (error instanceof NotWireError) throw new ResponseInvalidError(this.#route, [error.fault])
      throw error
    }
  }

  /** @internal */
  transmit(data: string | Uint8Array): void {
    if (this.#wire.readyState !== OPEN) return
    const { maxBuffered = MAX_BUFFERED } = this.#route.options
    if (this.#wire.bufferedAmount > maxBuffered) this.close(1013, 'The client reads too slowly.')
    else this.#wire.send(data)
  }

  #checked(schema: NonNullable<SocketOptions['sends']>, wire: unknown): unknown {
    const result = schema['~standard'].validate(wire)
    if (result instanceof Promise) {
      throw new InvalidReplyError(`The schema "sends" of ${this.#route.signature} is asynchronous.`)
    }
    if (!result.issues) return result.value
    const faults: Fault[] = faultsOf('result', result.issues)
    throw new ResponseInvalidError(this.#route, faults)
  }
}
