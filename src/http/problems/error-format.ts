/** @module How an application says errors to its clients; problem details unless it chooses another format. */
import type { FastifyRequest } from 'fastify'
import type { LimberError } from '../../errors/limber-error.ts'
import type { Constructor } from '../../support/class-of.ts'
import type { Problem } from './problem.ts'

/** An error on its way to a client. */
export interface Failure {
  /** What the client may know: of an error of the server it has the code, and no words. */
  readonly problem: Problem
  /** The error itself, which may say more than a client may know. */
  readonly error: LimberError
  /** The headers and the URL of the request; undefined where the bytes that came were no request. */
  readonly request: FastifyRequest | undefined
}

export interface RenderedError {
  readonly contentType: string
  /** Text is sent as it is, an object as JSON. */
  readonly body: string | object
  /** Further headers, such as content-language. */
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Renders every error that a client is told: of handlers, of validation, of plugins, and of what is no request at all.
 * The status and the headers stay what they are. A format that throws is logged, and problem details are sent instead.
 *
 * @example
 * ```ts
 * import { defineHttp, type ErrorFormat } from 'limber/http'
 *
 * const jsonApi: ErrorFormat = {
 *   render: ({ problem: { requestId: id, status, code, title, detail } }) => ({
 *     contentType: 'application/vnd.api+json',
 *     body: { errors: [{ id, status: String(status), code, title, detail }] },
 *   }),
 * }
 *
 * export default defineHttp({ errors: jsonApi })
 * ```
 */
export interface ErrorFormat {
  render(failure: Failure): RenderedError
}

/** A format, or its class: the container makes it once, outside of any request. */
export type ErrorFormatChoice = ErrorFormat | Constructor<ErrorFormat>

/** RFC 9457. */
export const problemDetails: ErrorFormat = {
  render: ({ problem }) => ({ contentType: 'application/problem+json', body: problem }),
}
