/** @module Code around handlers: it looks at the request before, and at the result after. */
import type { Constructor } from '../../support/class-of.ts'
import type { RequestFacts } from './request-facts.ts'

/** Goes on to the next middleware and then to the handler, and gives what that returned. It may be called once. */
export type Next = () => Promise<unknown>

/**
 * Stands around the handlers of routes. It runs in the unit of work of the request, before the input is checked; what it
 * gives is sent, so it returns what `next()` gave, or something else. What it throws answers the request.
 *
 * The container makes it for each request, with what it injects.
 *
 * @example
 * ```ts
 * import { inject, injectable, type Log } from 'limber'
 * import type { Middleware, Next, RequestFacts } from 'limber/http'
 *
 * @injectable()
 * export class SlowRequests implements Middleware {
 *   constructor(@inject('log') private readonly log: Log) {}
 *
 *   async handle({ request }: RequestFacts, next: Next) {
 *     const start = performance.now()
 *     const result = await next()
 *     if (performance.now() - start > 500) this.log.warn(`${request.url} is slow`)
 *     return result
 *   }
 * }
 * ```
 */
export interface Middleware {
  handle(facts: RequestFacts, next: Next): unknown
}

export type MiddlewareClass = Constructor<Middleware>
