/** @module Opens the scope of each request, and finds it again from the request. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Application } from '../../application/application.ts'
import type { Log } from '../../application/log.ts'
import { factsOf } from '../operations/request-log.ts'
import type { Route } from '../routing/route.ts'
import { noteReply, openWork } from '../server/open-work.ts'
import type { RouteWork } from '../server/route-work.ts'
import { logError } from './log-error.ts'
import { openUnit } from './open-unit.ts'
import type { RequestScope } from './request-scope.ts'

export class RequestScopes {
  readonly #app: Application
  readonly #work: RouteWork
  /** Kept, since a handler that outlives a stop has its errors reported when the container is gone. */
  readonly #log: Log
  readonly #scopes = new WeakMap<FastifyRequest, RequestScope>()

  constructor(app: Application, work: RouteWork) {
    this.#app = app
    this.#work = work
    this.#log = app.make('log')
  }

  open(request: FastifyRequest, reply: FastifyReply, route: Route): RequestScope {
    const { owner, signature: label } = route
    const { autoCommit, readOnly = false } = route.options
    const facts = () => factsOf(request)
    const origin = { kind: 'request', label, origin: reply, module: owner?.name }
    const options = { ...origin, autoCommit, readOnly, facts }
    // The server has noted the reply already.
    if (owner) noteReply(owner.inFlight, request, reply)
    const work = openUnit(this.#app, this.#work.of(owner), options, () => openWork('scope', request))
    this.#scopes.set(request, work)
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
    const facts = {
      ...factsOf(request),
      ...this.find(request)?.scope.facts,
      route: `${request.method} ${route}`,
    }
    logError(this.#log, error, facts)
  }
}
