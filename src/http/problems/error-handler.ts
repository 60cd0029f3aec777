/** @module Answers a request that failed: rolls back, logs what the client must not see, and sends what it may. */
import { validateHeaderValue } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { REQUEST_ID_HEADER } from '../operations/request-id.ts'
import type { RequestScopes } from '../requests/request-scopes.ts'
import type { ErrorRenderer } from './error-renderer.ts'
import { linger } from './linger.ts'
import { ServerStoppingError, UnexpectedError } from './request-errors.ts'
import { statusOf } from './status-of.ts'
import { toLimberError } from './to-limber-error.ts'

export class ErrorHandler {
  readonly #scopes: RequestScopes
  readonly #renderer: ErrorRenderer

  constructor(scopes: RequestScopes, renderer: ErrorRenderer) {
    this.#scopes = scopes
    this.#renderer = renderer
  }

  /** Takes every error of every request: of parsers, of hooks, of handlers. */
  async handle(thrown: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const report = (failure: unknown) => this.#scopes.report(failure, request)
    // The body may not have been readable: then the handler never had the scope, and it ends here.
    await this.#scopes.find(request)?.abandon(thrown).catch(report)

    const error = toLimberError(thrown)
    const status = statusOf(error)
    // A client that goes while it sends makes an error of Node's, which is nobody's fault here.
    const isLost = thrown === request.raw.errored
    const isExpected = status < 500 || isLost || error instanceof ServerStoppingError
    if (!isExpected) report(error instanceof UnexpectedError ? error.cause : error)

    dropUnsendable(reply)
    linger(request.raw)
    try {
      const { headers, body } = this.#renderer.render(error, request.id, request, report)
      // Of a request that Fastify itself refuses no hook has heard.
      reply.header(REQUEST_ID_HEADER, request.id)
      // As bytes: to a text Fastify would add a charset, which JSON:API for one does not allow.
      reply.code(status).headers(headers).send(Buffer.from(body))
    } catch (failure) {
      // Nobody else is left to answer, and an error here would end the process.
      report(failure)
      reply.raw.destroy()
    }
  }
}

/** A handler may have set a header on the raw reply that HTTP does not allow: then that was the error. */
function dropUnsendable(reply: FastifyReply): void {
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    try {
      for (const text of [value].flat()) validateHeaderValue(name, String(text))
    } catch {
      reply.removeHeader(name)
    }
  }
}
