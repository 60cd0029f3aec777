/** @module CSRF protection: a request that changes something proves that a page of this application has sent it. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { loadFeature } from '../../support/load-feature.ts'
import type { RequestFacts } from '../requests/request-facts.ts'
import type { RouteList } from '../routing/route-table.ts'
import { cookieDefaults } from './cookie-defaults.ts'
import { AbilityOffError } from './errors.ts'
import { sessionOf } from './sessions.ts'

export interface CsrfConfig {
  /** The header that carries the token; default: `x-csrf-token`. */
  readonly header?: string
  /** The field of a form that carries it; default: `_csrf`. */
  readonly field?: string
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/** Whether the secret of a client is kept in its session, or in a cookie of its own. */
const keeping = new WeakMap<FastifyInstance, 'session' | 'cookie'>()

/** @throws {PackageMissingError} */
export async function addCsrf(
  server: FastifyInstance,
  options: CsrfConfig,
  { keep, router }: { readonly keep: 'session' | 'cookie'; readonly router: RouteList },
): Promise<void> {
  const load = () => import('@fastify/csrf-protection')
  const csrf = await loadFeature('@fastify/csrf-protection', '"csrf" in config/http.ts', load)
  const shared = {
    getToken: (request: FastifyRequest) => tokenIn(request, options),
    logLevel: 'debug',
  } as const
  if (keep === 'session') {
    await server.register(csrf.default, { ...shared, sessionPlugin: '@fastify/session' })
  } else {
    const signed = cookieDefaults(server, 'csrf').canSign
    const cookieOpts = { path: '/', sameSite: 'strict', httpOnly: true, secure: 'auto', signed } as const
    await server.register(csrf.default, { ...shared, cookieOpts })
  }
  keeping.set(server, keep)
  protect(server, router)
}

/**
 * Gives the token that forms and scripts of a page send back, in the field `_csrf` or the header `x-csrf-token`.
 *
 * @throws {AbilityOffError} when CSRF protection is not configured
 * @example
 * ```ts
 * import { csrfTokenOf, type HttpContext } from 'limber/http'
 *
 * export function editProfile(context: HttpContext) {
 *   context.response.header('content-type', 'text/html')
 *   return `<form method="post"><input type="hidden" name="_csrf" value="${csrfTokenOf(context)}"></form>`
 * }
 * ```
 */
export function csrfTokenOf(facts: Pick<RequestFacts, 'request' | 'response'>): string {
  const place = keeping.get(facts.request.server)
  if (!place) throw new AbilityOffError('csrfTokenOf()', '"csrf"')
  // One that has ended has nowhere to keep the secret, and says so.
  if (place === 'session') sessionOf(facts).refuseEnded()
  return facts.response.raw.generateCsrf()
}

/** After the body is read, since forms carry the token there; before the handler has the unit of work. */
function protect(server: FastifyInstance, router: RouteList): void {
  let exempt: ReadonlySet<string> | undefined
  server.addHook('preValidation', (request, reply, done) => {
    // The routes are complete when the first request comes.
    exempt ??= new Set(
      router.routes.filter(({ options }) => options.csrf === false).map((route) => route.signature),
    )
    const { method } = request
    const isSafe = SAFE.has(method) || request.is404 || hasBearer(request)
    if (isSafe || exempt.has(`${method} ${request.routeOptions.url}`)) done()
    else server.csrfProtection(request, reply, done)
  })
}

/** A browser adds no such header by itself, and a page of another site may not. */
function hasBearer({ headers }: FastifyRequest): boolean {
  return /^bearer /i.test(headers.authorization ?? '')
}

function tokenIn({ headers, body }: FastifyRequest, options: CsrfConfig): string {
  const { header = 'x-csrf-token', field = '_csrf' } = options
  const sent = headers[header.toLowerCase()]
  if (typeof sent === 'string') return sent
  const inBody: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, field) : undefined
  return typeof inBody === 'string' ? inBody : ''
}
