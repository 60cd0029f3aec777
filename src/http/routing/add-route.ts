/** @module The types by which a handler that does not fit its route does not compile. */
import type { Constructor } from '../../support/class-of.ts'
import type { HttpContext } from '../requests/http-context.ts'
import type { Sendable, SendableItems } from '../schemas/sendable.ts'
import type { InputOf, StandardSchema } from '../schemas/standard-schema.ts'
import type { Known, RouteOptions } from './route-options.ts'

/** What a handler of a route returns: anything, unless a schema says what. */
type ReplyOf<S> = S extends { readonly response: infer R extends StandardSchema }
  ? Sendable<InputOf<R>> | ItemsOf<S> | Promise<Sendable<InputOf<R>> | ItemsOf<S>>
  : S extends { readonly stream: StandardSchema }
    ? ItemsOf<S> | Promise<ItemsOf<S>>
    : unknown

type ItemsOf<S> = S extends { readonly stream: infer R extends StandardSchema }
  ? SendableItems<InputOf<R>>
  : never

/** What a handler of a route is: what it takes is checked by the schemas, and what it gives is described by them. */
export type HandlerOf<S extends RouteOptions> = (context: HttpContext<S>) => ReplyOf<S>

/** A class whose method takes what the schemas of the route give. */
export type ControllerFor<Name extends string, S extends RouteOptions> = Constructor<
  Record<Name, HandlerOf<S>>
>

/** The classes among what a file exports. */
type Exported<M> = { [K in keyof M]: M[K] extends Constructor<infer I> ? I : never }[keyof M]

/** The methods that fit. */
type Fitting<I, S extends RouteOptions> = I extends unknown
  ? { [N in keyof I]: I[N] extends HandlerOf<S> ? N : never }[keyof I] & string
  : never

/** Adds a route. A handler that does not fit the schemas does not compile. */
export interface AddRoute {
  <S extends RouteOptions = RouteOptions>(
    path: string,
    handler: HandlerOf<NoInfer<S>>,
    options?: S & Known<S, RouteOptions>,
  ): void
  <M extends object, S extends RouteOptions = RouteOptions>(
    path: string,
    handler: readonly [controller: () => Promise<M>, method: Fitting<Exported<M>, NoInfer<S>>],
    options?: S & Known<S, RouteOptions>,
  ): void
  <const Name extends string, S extends RouteOptions = RouteOptions>(
    path: string,
    handler: readonly [controller: ControllerFor<NoInfer<Name>, NoInfer<S>>, method: Name],
    options?: S & Known<S, RouteOptions>,
  ): void
}
