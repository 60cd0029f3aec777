/** @module What a route says besides its path and its handler. */
import type { Guard } from '../../application/ports/guard.ts'
import type { MiddlewareClass } from '../requests/middleware.ts'
import type { StandardSchema } from '../schemas/standard-schema.ts'
import type { ModelBindings } from './model-bindings.ts'

/** What a route expects and gives, who may pass, and how its unit of work ends. */
export interface RouteOptions {
  /** Input that does not fit its schema is a 422 with every fault of the request. */
  readonly params?: StandardSchema
  /** The parameters of the path that are rows: `{ book: Book }` gives the book as `params.book`, or answers 404. */
  readonly bind?: ModelBindings
  readonly query?: StandardSchema
  /** The names of headers are lower case here. */
  readonly headers?: StandardSchema
  readonly body?: StandardSchema
  /**
   * Describes what is sent, after `toJSON`: a date is a string. Fields that it does not name never leave, and a result that
   * does not fit is a 500.
   */
  readonly response?: StandardSchema
  /** Describes each item of a streamed reply, in the same way; an item that does not fit breaks the reply off. */
  readonly stream?: StandardSchema
  /** The status of a success; default: 200, or 204 when the handler gives nothing. */
  readonly status?: number

  /** Names the route for `router.url()`; the names of its groups come before it. */
  readonly name?: string
  /** Who decides whether a request may pass, before its body is read; those of the groups come first. */
  readonly guards?: readonly Guard[]
  /** What stands around the handler; that of the configuration and of the groups is outside of it. */
  readonly middleware?: readonly MiddlewareClass[]

  /** Whether a request that is not safe needs a CSRF token, where the configuration asks for them; default true. */
  readonly csrf?: boolean

  /** Whether pending changes are written before the reply; default: what the configuration says, else true. */
  readonly autoCommit?: boolean
  /** Whether writing is an error; default false. */
  readonly readOnly?: boolean
  /** The largest body that is read, in bytes; default: what the configuration says. */
  readonly bodyLimit?: number
  /** How long the handler may take, in milliseconds; then the request is a 504 and rolled back. 0 is no limit; default: what the configuration says. */
  readonly timeout?: number

  /** What the route does, in a few words, for OpenAPI. */
  readonly summary?: string
  /** The same at length; CommonMark. */
  readonly description?: string
  /** What it is listed under. */
  readonly tags?: readonly string[]
  readonly deprecated?: boolean
  /** The statuses of the errors that its handler answers with; those of guards and of the input are known. */
  readonly answers?: readonly number[]
  /** Whether it stands in the OpenAPI document; default true. */
  readonly documented?: boolean
}

/** Refuses an option that there is not, such as `boddy`. */
export type Known<S, Options> = { readonly [N in keyof S]: N extends keyof Options ? S[N] : never }
