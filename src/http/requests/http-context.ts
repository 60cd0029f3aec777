/** @module What a route handler is given: the input its schemas describe, the request and the response. */
import type { BoundModels, ModelBindings } from '../routing/model-bindings.ts'
import type { RouteOptions } from '../routing/route-options.ts'
import type { OutputOf, StandardSchema } from '../schemas/standard-schema.ts'
import type { RequestFacts } from './request-facts.ts'

/** The input under one name; `unknown` without a schema, since then nobody has looked at it. */
type Part<S, Name extends keyof RouteOptions> = S extends StandardSchema
  ? Name extends 'params'
    ? OutputOf<S>
    : unknown
  : S extends { readonly [N in Name]: infer P extends StandardSchema }
    ? OutputOf<P>
    : unknown

/** What the schema gives, and the models that stand for parameters. */
type Params<S> = S extends { readonly bind: infer B extends ModelBindings }
  ? S extends { readonly params: StandardSchema }
    ? Omit<Part<S, 'params'>, keyof B> & BoundModels<B>
    : BoundModels<B>
  : Part<S, 'params'>

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
export type HttpContext<S extends StandardSchema | RouteOptions = RouteOptions> = RequestContext<
  Params<S>,
  Part<S, 'query'>,
  Part<S, 'body'>,
  Part<S, 'headers'>
>

/** The same by the types of its parts: whether a handler fits is a question of these, not of who described them. */
export interface RequestContext<Params, Query, Body, Headers> extends RequestFacts {
  readonly params: Params
  readonly query: Query
  readonly body: Body
  readonly headers: Headers
}
