/** @module Opens the scope of each request, and finds it again from the request. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Application } from '../application/application.ts'
import type { Log } from '../application/log.ts'
import { messageOf } from '../support/message-of.ts'
import type { InFlight } from './in-flight.ts'
import { ServerStoppingError } from './request-errors.ts'
import { RequestScope } from './request-scope.ts'
import type { Route } from './route.ts'

export class RequestScopes {
  readonly #app: Application
  readonly #inFlight: InFlight
  /** Kept, since a handler that outlives a stop has its errors reported when the container is gone. */
  readonly #log: Log
  readonly #scopes = new WeakMap<FastifyRequest, RequestScope>()

  constructor(app: Application, inFlight: InFlight) {
    this.#app = app
    this.#inFlight = inFlight
    this.#log = app.make('log')
  }

  open(request: FastifyRequest, reply: FastifyReply, { signature, schemas }: Route): RequestScope {
    const { autoCommit, readOnly = false } = schemas
    const scope = this.#app.openScope({ kind: 'request', label: signature, autoCommit, readOnly })
    const work = new RequestScope(scope, () => this.#inFlight.leave(work))
    this.#scopes.set(request, work)
    this.#inFlight.enter(work, () => work.abandon(new ServerStoppingError()))
    // The client may go before its body has arrived, and a hook of a plugin may answer: the handler never runs then.
    reply.raw.once('close', () => {
      if (!work.isHandled) work.abandon().catch((error: unknown) => this.report(error, request))
    })
    return work
  }

  find(request: FastifyRequest): RequestScope | undefined {
    return this.#scopes.get(request)
  }

  /** Logs an error with the route and the scope it came from. */
  report(error: unknown, request: FastifyRequest): void {
    const route = request.routeOptions.url ?? request.url
    const scope = this.find(request)?.scope.id
    const facts = { err: error, requestId: request.id, route: `${request.method} ${route}`, scope }
    this.#log.error(facts, messageOf(error))
  }
}
