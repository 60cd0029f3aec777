/** @module Names of routes, and the URLs they stand for. */
import { suggest } from '../../support/suggest.ts'
import { PathParameterError, UnknownRouteNameError } from './errors.ts'
import { expressionsOf, fillPath, type PathParams } from './path.ts'
import type { Route } from './route.ts'

/**
 * The names of an application's routes with their paths, so that a name or a parameter that does not exist does not
 * compile. `limber routes --types` writes it.
 *
 * @example
 * ```ts
 * declare module 'limber/http' {
 *   interface NamedRoutes {
 *     'shelves.show': '/shelves/:shelf'
 *   }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: applications fill it.
export interface NamedRoutes {}

export type RouteName = keyof NamedRoutes & string

/** What stands in a path: a text, a number, or something with an id, such as a model. */
export type PathValue = string | number | bigint | { readonly id: string | number | bigint }

/** The parameters of a route by name; none where its path has none. */
export type UrlParams<Name extends RouteName> = {
  readonly [P in PathParams<NamedRoutes[Name]>]: PathValue
}

export interface UrlOptions {
  /** What stands behind the `?`; a list repeats its name, and what is undefined is left out. */
  readonly query?: Readonly<Record<string, QueryValue | readonly QueryValue[]>>
  /** Where the server is, for links that leave it: `https://books.example`. */
  readonly origin?: string
}

type QueryValue = string | number | bigint | boolean | undefined

/** Without parameters the URL needs no second argument. */
export type UrlArguments<Name extends RouteName> = keyof UrlParams<Name> extends never
  ? [params?: Readonly<Record<string, never>>, options?: UrlOptions]
  : [params: UrlParams<Name>, options?: UrlOptions]

/** @throws {UnknownRouteNameError} @throws {PathParameterError} */
export function urlOf(
  routes: ReadonlyMap<string, Route>,
  name: string,
  params: Readonly<Record<string, PathValue>>,
  { query = {}, origin = '' }: UrlOptions,
): string {
  const route = routes.get(name)
  if (!route) throw new UnknownRouteNameError(name, suggest(name, routes.keys()))
  const expressions = expressionsOf(route.path)
  const path = fillPath(route.path, (parameter, isOptional) => {
    const value = params[parameter]
    if (value === undefined && isOptional) return ''
    const text = value === undefined ? '' : textOf(value)
    const segments = parameter === '*' ? text.split('/') : [text]
    const isElsewhere = segments.some((segment) => segment === '.' || segment === '..')
    const isForeign = !new RegExp(expressions.get(parameter) ?? '').test(text) || !text.isWellFormed()
    if (isElsewhere || isForeign || (text === '' && parameter !== '*')) {
      throw new PathParameterError(name, route.path, parameter, text)
    }
    return segments.map(encodeURIComponent).join('/')
  })
  const search = searchOf(query)
  return `${origin}${path}${search === '' ? '' : `?${search}`}`
}

function textOf(value: PathValue): string {
  return String(typeof value === 'object' ? value.id : value)
}

function searchOf(query: NonNullable<UrlOptions['query']>): string {
  const search = new URLSearchParams()
  for (const [name, values] of Object.entries(query)) {
    for (const value of [values].flat()) if (value !== undefined) search.append(name, String(value))
  }
  return search.toString()
}
