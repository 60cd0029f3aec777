/** @module The way of one request: scope, input, handler, flush, serialise, commit, send, close. */
import { once } from 'node:events'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import type { FastifyReply, FastifyRequest, RouteOptions as FastifyRoute } from 'fastify'
import type { Application } from '../../application/application.ts'
import { enterScope } from '../../container/resolution-frame.ts'
import { LONGEST_TIMER } from '../../support/longest-timer.ts'
import { EventStream } from '../live/event-stream.ts'
import { Handshake } from '../live/handshake.ts'
import { MessageScopes } from '../live/message-scopes.ts'
import { SocketConnection } from '../live/socket-connection.ts'
import { SocketRoute } from '../live/socket-route.ts'
import { RouteNotFoundError } from '../problems/request-errors.ts'
import { toLimberError } from '../problems/to-limber-error.ts'
import { HttpResponse } from '../replies/http-response.ts'
import { isStream, makeReply } from '../replies/make-reply.ts'
import { pathOf } from '../routing/path.ts'
import type { Route } from '../routing/route.ts'
import type { RouteWork } from '../server/route-work.ts'
import { admit } from './admission.ts'
import { PreparedRoute } from './prepared-route.ts'
import type { RequestScope } from './request-scope.ts'
import type { RequestScopes } from './request-scopes.ts'

export class RequestHandler {
  readonly #app: Application
  readonly #scopes: RequestScopes
  readonly #work: RouteWork
  /** The WebSockets that may be opened. */
  readonly #handshakes = new WeakMap<FastifyRequest, Handshake>()

  constructor(app: Application, scopes: RequestScopes, work: RouteWork) {
    this.#app = app
    this.#scopes = scopes
    this.#work = work
  }

  /** The route as Fastify takes it. */
  optionsFor(route: Route): FastifyRoute {
    const { method, path, owner } = route
    const messages = new MessageScopes(this.#app, this.#work.of(owner), owner?.name)
    const prepared = new PreparedRoute(route, this.#app, messages)
    const { guards = [], bodyLimit, timeout } = route.options
    return {
      method,
      url: path,
      ...(bodyLimit !== undefined && { bodyLimit }),
      // None is as long as a timer takes: Fastify knows no route without a limit where the server has one.
      ...(timeout !== undefined && { handlerTimeout: timeout || LONGEST_TIMER }),
      onRequest: (request, reply, done) => {
        if (owner?.isGone) return done(new RouteNotFoundError(method, pathOf(request.url)))
        const { scope } = this.#scopes.open(request, reply, route)
        if (guards.length === 0) enterScope(scope, () => done())
        else
          enterScope(scope, () => admit(guards, reply, this.#app)).then(
            () => enterScope(scope, () => done()),
            done,
          )
      },
      ...(route instanceof SocketRoute && this.#upgradeOf(route, prepared, messages)),
      // Not an async function: Fastify would send what it resolves to, and the reply is ours to send.
      handler: (request, reply) => {
        const work = this.#workOf(request)
        // Once more, since a hook or a parser may have come here through events, which do not carry the scope along.
        void enterScope(work.scope, () => this.#answer(prepared, work, request, reply))
      },
    }
  }

  /** All that a request may be refused for comes before its connection becomes a WebSocket. */
  #upgradeOf(
    route: SocketRoute,
    prepared: PreparedRoute,
    messages: MessageScopes,
  ): Pick<FastifyRoute, 'preHandler' | 'wsHandler'> {
    return {
      preHandler: (request, reply, done) => {
        const work = this.#workOf(request)
        void enterScope(work.scope, () => this.#answer(prepared, work, request, reply, done))
      },
      wsHandler: (socket, request) => {
        const context = this.#handshakes.get(request)?.context
        const live = { app: this.#app, messages }
        if (context) new SocketConnection(route, socket, context, live).serve()
      },
    }
  }

  /** @param upgrade goes on to the WebSocket, where one was asked for and may be had */
  async #answer(
    prepared: PreparedRoute,
    work: RequestScope,
    request: FastifyRequest,
    reply: FastifyReply,
    upgrade?: () => void,
  ): Promise<void> {
    // The client has gone while a hook was waiting: nobody is there to answer.
    if (work.hasEnded) return
    work.isHandled = true
    let result: unknown
    try {
      const response = new HttpResponse(reply)
      result = await prepared.handle({ request, response, app: this.#app })
      if (reply.sent) await this.#endSent(work, request, reply)
      else if (result instanceof Handshake && !response.isRefusal) {
        await this.#finish(work, request)
        this.#handshakes.set(request, result)
        upgrade?.()
      } else await this.#reply(prepared.route, work, response, result)
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
    const isStreaming = isStream(payload) && !raw.destroyed && !(payload instanceof EventStream)
    if (isStreaming) {
      work.scope.becomeReadOnly()
      raw.once('close', () => this.#endStream(payload, work, request))
      // The status has gone to the client, who only sees the reply break off.
      if (payload instanceof Readable) payload.once('error', (error) => this.#scopes.report(error, request))
    }
    response.send(status, payload)
    if (!isStreaming) await this.#close(work, request)
  }

  /** For a handler that has answered by itself: what it told the client decides. */
  async #endSent(work: RequestScope, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (reply.statusCode >= 400) return work.abandon()
    await this.#finish(work, request)
  }

  async #finish(work: RequestScope, request: FastifyRequest): Promise<void> {
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

  async #endStream(
    stream: Readable | ReadableStream,
    work: RequestScope,
    request: FastifyRequest,
  ): Promise<void> {
    // What makes it cleans up first, and may still read.
    if (stream instanceof Readable) await closed(stream)
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

async function closed(stream: Readable): Promise<void> {
  if (stream.closed) return
  const close = once(stream, 'close')
  stream.destroy()
  await close
}
