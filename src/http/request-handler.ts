/** @module The way of one request: scope, input, handler, flush, serialise, commit, send, close. */
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import type { Application } from '../application/application.ts'
import { enterScope } from '../container/resolution-frame.ts'
import { HttpResponse } from './http-response.ts'
import { isStream, makeReply } from './make-reply.ts'
import { readInput } from './read-input.ts'
import type { RequestScope } from './request-scope.ts'
import type { RequestScopes } from './request-scopes.ts'
import type { Route } from './route.ts'
import { toLimberError } from './to-limber-error.ts'

export class RequestHandler {
  readonly #app: Application
  readonly #scopes: RequestScopes

  constructor(app: Application, scopes: RequestScopes) {
    this.#app = app
    this.#scopes = scopes
  }

  /** The route as Fastify takes it. */
  optionsFor(route: Route): RouteOptions {
    const { method, path } = route
    return {
      method,
      url: path,
      onRequest: (request, reply, done) =>
        enterScope(this.#scopes.open(request, reply, route).scope, () => done()),
      // Not an async function: Fastify would send what it resolves to, and the reply is ours to send.
      handler: (request, reply) => {
        const work = this.#workOf(request)
        // Once more, since a hook or a parser may have come here through events, which do not carry the scope along.
        void enterScope(work.scope, () => this.#answer(route, work, request, reply))
      },
    }
  }

  async #answer(
    route: Route,
    work: RequestScope,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    // The client has gone while a hook was waiting: nobody is there to answer.
    if (work.hasEnded) return
    work.isHandled = true
    let result: unknown
    try {
      const input = await readInput(route.schemas, request)
      const response = new HttpResponse(reply)
      result = await route.invoke(this.#app, { ...input, request, response, app: this.#app })
      if (reply.sent) await this.#endSent(work, request, reply)
      else await this.#reply(route, work, response, result)
    } catch (error) {
      if (result instanceof Readable) result.destroy()
      await this.#fail(error, work, request, reply)
    }
  }

  async #reply(route: Route, work: RequestScope, response: HttpResponse, result: unknown): Promise<void> {
    if (!response.isRefusal) await work.flush()
    const { status, payload } = await makeReply(route, result, response)
    if (status >= 400) await work.abandon()
    else await work.commit()
    const { raw, request } = response.raw
    // What makes a stream may read in the scope as long as the stream flows; it is too late for it to write.
    const isStreaming = isStream(payload) && !raw.destroyed
    if (isStreaming) {
      work.scope.becomeReadOnly()
      raw.once('close', () => this.#endStream(work, request))
      // The status has gone to the client, who only sees the reply break off.
      if (payload instanceof Readable) payload.once('error', (error) => this.#scopes.report(error, request))
    }
    response.send(status, payload)
    if (!isStreaming) await this.#close(work, request)
  }

  /** For a handler that has answered by itself: what it told the client decides. */
  async #endSent(work: RequestScope, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (reply.statusCode >= 400) return work.abandon()
    await work.flush()
    await work.commit()
    await this.#close(work, request)
  }

  async #fail(
    error: unknown,
    work: RequestScope,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    await work.abandon(error).catch((failure: unknown) => this.#scopes.report(failure, request))
    if (reply.sent) this.#scopes.report(error, request)
    else reply.send(toLimberError(error))
  }

  async #endStream(work: RequestScope, request: FastifyRequest): Promise<void> {
    if (work.hasEnded) return
    // Nothing is written by this: it finds what the producer has changed in vain.
    await work.scope.flush().catch((error: unknown) => this.#scopes.report(error, request))
    await this.#close(work, request)
  }

  async #close(work: RequestScope, request: FastifyRequest): Promise<void> {
    // The reply has gone and what was written is committed: all that is left is to say it.
    await work.close().catch((error: unknown) => this.#scopes.report(error, request))
  }

  #workOf(request: FastifyRequest): RequestScope {
    const work = this.#scopes.find(request)
    // The onRequest hook of the same route has opened it.
    if (!work) throw new Error(`No scope was opened for ${request.method} ${request.url}.`)
    return work
  }
}
