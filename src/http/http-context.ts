/** @module What a route handler is given: the input its schemas describe, the request and the response. */
import type { FastifyRequest } from 'fastify'
import type { Application } from '../application/application.ts'
import type { HttpResponse } from './http-response.ts'
import type { OutputOf, StandardSchema } from './standard-schema.ts'

/** The schemas of a route, and how its unit of work ends. Input that does not fit is a 422 with every fault; a result that does not fit is a 500. */
export interface RouteSchemas {
  readonly params?: StandardSchema
  readonly query?: StandardSchema
  readonly body?: StandardSchema
  /** Describes what is sent, after `toJSON`: a date is a string. Fields that it does not name never leave. */
  readonly response?: StandardSchema
  /** The status of a success; default: 200, or 204 when the handler gives nothing. */
  readonly status?: number
  /** Whether pending changes are written before the reply; default: what the configuration says, else true. */
  readonly autoCommit?: boolean
  /** Whether writing is an error; default false. */
  readonly readOnly?: boolean
}

/** The input under one name; `unknown` without a schema, since then nobody has looked at it. */
type Part<S, Name extends keyof RouteSchemas> = S extends StandardSchema
  ? Name extends 'params'
    ? OutputOf<S>
    : unknown
  : S extends { readonly [N in Name]: infer P extends StandardSchema }
    ? OutputOf<P>
    : unknown

/**
 * Carries one request. It is typed by the schema of its params alone, or by an object of schemas.
 *
 * @example
 * ```ts
 * import type { HttpContext } from 'limber/http'
 * import { z } from 'zod'
 *
 * const bookParams = z.object({ id: z.coerce.number().int() })
 * const storeBook = { body: z.object({ title: z.string() }), status: 201 }
 *
 * export class BooksController {
 *   show({ params }: HttpContext<typeof bookParams>) {
 *     return { id: params.id }
 *   }
 *
 *   store({ body, response }: HttpContext<typeof storeBook>) {
 *     response.header('location', '/books/1')
 *     return { id: 1, title: body.title }
 *   }
 * }
 * ```
 */
export type HttpContext<S extends StandardSchema | RouteSchemas = RouteSchemas> = RequestContext<
  Part<S, 'params'>,
  Part<S, 'query'>,
  Part<S, 'body'>
>

/** The same by the types of its parts: whether a handler fits is a question of these, not of who described them. */
export interface RequestContext<Params, Query, Body> {
  readonly params: Params
  readonly query: Query
  readonly body: Body
  /** Fastify's request: headers, the client's address, the raw input. */
  readonly request: FastifyRequest
  readonly response: HttpResponse
  /** For handlers that are plain functions; a controller has its services injected. */
  readonly app: Application
}
