/** @module Cookies: their safe defaults, and how a handler reads those of a request. */
import type { FastifyInstance } from 'fastify'
import type { Fault } from '../../errors/limber-error.ts'
import { loadFeature } from '../../support/load-feature.ts'
import { type Secrets, secretsOf } from '../../support/secrets.ts'
import type { RequestFacts } from '../requests/request-facts.ts'
import { cookieDefaults, setCookieDefaults } from './cookie-defaults.ts'
import type { CookieOptions } from './cookie-options.ts'
import { AbilityOffError } from './errors.ts'

/** The options are the defaults of every cookie. */
export interface CookiesConfig extends Omit<CookieOptions, 'expires'> {
  /** Signs cookies; 32 characters or more. Of several, the first one signs, and all are accepted. */
  readonly secret?: Secrets | undefined
}

export function faultsOfCookies({ sameSite, secure, signed, secret }: CookiesConfig): Fault[] {
  const faults: Fault[] = []
  if (sameSite === 'none' && secure === false) {
    const message = 'Browsers drop a cookie with "none" that is not secure. Leave out one of them.'
    faults.push({ path: 'cookies.sameSite', message })
  }
  if (signed && secret === undefined) {
    const message = 'There is no secret to sign with. Add cookies.secret, from the environment.'
    faults.push({ path: 'cookies.signed', message })
  }
  return faults
}

/** @throws {PackageMissingError} */
export async function addCookies(server: FastifyInstance, config: CookiesConfig): Promise<void> {
  const { secret, ...options } = config
  const secrets = secret === undefined ? undefined : secretsOf(secret)
  const canSign = secrets !== undefined
  const defaults = { path: '/', httpOnly: true, sameSite: 'lax', secure: 'auto', ...options } as const
  const load = () => import('@fastify/cookie')
  const cookie = await loadFeature('@fastify/cookie', '"cookies" in config/http.ts', load)
  // Signing is ours: the name of a cookie is signed with its value.
  const { signed = canSign, ...parseOptions } = defaults
  await server.register(cookie.default, { parseOptions, ...(secrets && { secret: secrets }) })
  setCookieDefaults(server, { ...parseOptions, signed, canSign })
}

/**
 * Gives a cookie of the request; undefined when it is not there, or was not signed by this application. Without a
 * secret in the configuration, or with `signed: false`, it is what the client sent.
 *
 * @throws {AbilityOffError} when cookies are not configured
 * @example
 * ```ts
 * import { cookieOf, type HttpContext } from 'limber/http'
 *
 * export function showTheme(context: HttpContext) {
 *   return { theme: cookieOf(context, 'theme') ?? 'light' }
 * }
 * ```
 */
export function cookieOf(
  { request }: Pick<RequestFacts, 'request'>,
  name: string,
  options: { readonly signed?: boolean } = {},
): string | undefined {
  const { signed, canSign } = cookieDefaults(request.server, 'cookieOf()')
  const value = Object.hasOwn(request.cookies, name) ? request.cookies[name] : undefined
  if (value === undefined || !(options.signed ?? signed)) return value
  if (!canSign) throw new AbilityOffError('cookieOf() for a signed cookie', '"cookies.secret"')
  const unsigned = request.unsignCookie(`${name}=${value}`)
  return unsigned.valid ? unsigned.value.slice(name.length + 1) : undefined
}
