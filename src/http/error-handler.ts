/** @module Answers a request that failed: rolls back, logs what the client must not see, and sends the problem. */
import { validateHeaderValue } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { problemOf } from './problem.ts'
import { HttpError, ServerStoppingError, UnexpectedError } from './request-errors.ts'
import type { RequestScopes } from './request-scopes.ts'
import { statusOf } from './status-of.ts'
import { toLimberError } from './to-limber-error.ts'

export class ErrorHandler {
  readonly #scopes: RequestScopes

  constructor(scopes: RequestScopes) {
    this.#scopes = scopes
  }

  /** Takes every error of every request: of parsers, of hooks, of handlers. */
  async handle(thrown: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const report = (failure: unknown) => this.#scopes.report(failure, request)
    // The body may not have been readable: then the handler never had the scope, and it ends here.
    await this.#scopes.find(request)?.abandon(thrown).catch(report)

    const error = toLimberError(thrown)
    const status = statusOf(error)
    const isExpected = status < 500 || error instanceof ServerStoppingError
    if (!isExpected) report(error instanceof UnexpectedError ? error.cause : error)

    dropUnsendable(reply)
    try {
      if (error instanceof HttpError) reply.headers(error.headers)
      reply.code(status).header('content-type', 'application/problem+json')
      reply.send(JSON.stringify(problemOf(error, request.id)))
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
