/** @module Makes what goes over the wire of an error: in the format of the application, or as the development page. */
import { validateHeaderValue } from 'node:http'
import type { FastifyRequest } from 'fastify'
import type { Application } from '../../application/application.ts'
import type { LimberError } from '../../errors/limber-error.ts'
import { asksForPage, DevelopmentPage } from './development-page/development-page.ts'
import { type ErrorFormat, type Failure, problemDetails } from './error-format.ts'
import { ErrorFormatError } from './errors.ts'
import { isOpenTo, problemOf } from './problem.ts'

export interface ErrorReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export class ErrorRenderer {
  readonly #format: ErrorFormat
  readonly #page: ErrorFormat | undefined
  /** Whether clients are told the words that are for developers. */
  readonly #isOpen: boolean

  constructor(app: Application) {
    const { errors = problemDetails, developmentPage } = app.config.find('http') ?? {}
    this.#isOpen = isOpenTo(app)
    this.#format = typeof errors === 'function' ? app.make<ErrorFormat>(errors) : errors
    // Elsewhere it is never shown, whatever the configuration says: it is full of what nobody else should see.
    const hasPage = this.#isOpen && (developmentPage ?? app.environment === 'development')
    if (hasPage) this.#page = new DevelopmentPage(app.root)
  }

  /**
   * Never throws: what goes wrong in the format is reported, and problem details take its place.
   *
   * @param request undefined where the bytes that came were no request
   */
  render(
    error: LimberError,
    requestId: string,
    request: FastifyRequest | undefined,
    report: (failure: unknown) => void,
  ): ErrorReply {
    const failure = { problem: problemOf(error, requestId, this.#isOpen), error, request }
    const format = this.#page && asksForPage(request) ? this.#page : this.#format
    try {
      return replyIn(format, failure)
    } catch (cause) {
      report(new ErrorFormatError(error.code, cause))
      return replyIn(problemDetails, failure)
    }
  }
}

function replyIn(format: ErrorFormat, failure: Failure): ErrorReply {
  const { contentType, body, headers: added } = format.render(failure)
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  if (typeof text !== 'string')
    throw new TypeError(`The body is ${typeof body}; it has to be a text or an object.`)
  if (typeof contentType !== 'string') throw new TypeError('The contentType is missing.')
  const headers = { ...added, ...failure.error.headers, 'content-type': contentType }
  for (const [name, value] of Object.entries(headers)) validateHeaderValue(name, value)
  return { status: failure.problem.status, headers, body: text }
}
