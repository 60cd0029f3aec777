/** @module CORS: which pages of other origins may call this server from a browser. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Fault } from '../../errors/limber-error.ts'
import { loadFeature } from '../../support/load-feature.ts'
import { pathOf, patternOf } from '../routing/path.ts'

export interface CorsConfig {
  /**
   * The origins whose pages may call: `https://app.example.com`, patterns, or a function that decides. `true` answers
   * every origin, and `'*'` does without naming it; neither goes together with credentials. Default: none.
   */
  readonly origin?: true | '*' | string | RegExp | readonly (string | RegExp)[] | DecideOrigin
  /** Whether the browser may send cookies along; default false. */
  readonly credentials?: boolean
  /** Default: GET, HEAD, PUT, PATCH, POST and DELETE. */
  readonly methods?: readonly string[]
  /** The headers that a page may send; default: those it asks for. */
  readonly allowedHeaders?: readonly string[]
  /** The headers of replies that a page may read besides the harmless ones; default: none. */
  readonly exposedHeaders?: readonly string[]
  /** How long a browser may remember a preflight, in seconds; default: it decides, 5 in most. */
  readonly maxAge?: number
}

export type DecideOrigin = (origin: string) => boolean | Promise<boolean>

const METHODS = ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE']

export function faultsOfCors({ origin, credentials }: CorsConfig): Fault[] {
  const faults = [origin].flat().flatMap((one) => (typeof one === 'string' ? faultsOfOrigin(one) : []))
  if (!credentials || (origin !== true && origin !== '*')) return faults
  const message =
    'With credentials, every page on the web could act as whoever visits it. ' +
    'List the origins of your pages, or leave out credentials.'
  return [{ path: 'cors.origin', message }]
}

/** @throws {PackageMissingError} */
export async function addCors(server: FastifyInstance, config: CorsConfig): Promise<void> {
  const cors = await loadFeature('@fastify/cors', '"cors" in config/http.ts', () => import('@fastify/cors'))
  const { credentials = false, methods = METHODS, allowedHeaders, exposedHeaders, maxAge } = config
  const patterns = collectPatterns(server)
  await server.register(cors.default, {
    delegator: async (request: FastifyRequest) => ({
      origin: await originFor(request.headers.origin, config.origin ?? []),
      // Anything else of this method is for a route, or for nobody: then it is answered like any unknown path.
      preflight: isPreflight(request) && patterns.some((pattern) => pattern.test(pathOf(request.url))),
      credentials,
      methods: [...methods],
      ...(allowedHeaders && { allowedHeaders: [...allowedHeaders] }),
      ...(exposedHeaders && { exposedHeaders: [...exposedHeaders] }),
      ...(maxAge !== undefined && { maxAge }),
    }),
  })
}

/** What browsers send is a scheme, a host and perhaps a port; nothing else is ever equal to it. */
function faultsOfOrigin(text: string): Fault[] {
  if (text === '*' || text === 'null') return []
  const meant = URL.canParse(text) ? new URL(text) : undefined
  if (meant?.origin === text || (meant?.origin === 'null' && !/[^/]\//.test(text))) return []
  const advice = meant
    ? `Write "${meant.origin}".`
    : 'Write scheme://host, and :port where it is not the usual one.'
  return [{ path: 'cors.origin', message: `No browser sends "${text}" as an origin. ${advice}` }]
}

/** What the plugin is to answer with, or false: then the reply says nothing of CORS. */
async function originFor(
  sent: string | undefined,
  allowed: NonNullable<CorsConfig['origin']>,
): Promise<string | false> {
  if (allowed === '*') return '*'
  if (sent === undefined) return false
  return (await isAllowed(sent, allowed)) ? sent : false
}

function isAllowed(sent: string, allowed: NonNullable<CorsConfig['origin']>): boolean | Promise<boolean> {
  if (allowed === true) return true
  if (typeof allowed === 'function') return allowed(sent)
  return [allowed].flat().some((one) => (typeof one === 'string' ? one === sent : sent.search(one) >= 0))
}

function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
}

/** What the paths of all routes look like that are added later, whoever adds them. */
function collectPatterns(server: FastifyInstance): readonly RegExp[] {
  const patterns: RegExp[] = []
  server.addHook('onRoute', ({ method, url }) => {
    if ([method].flat().some((one) => one !== 'OPTIONS')) patterns.push(patternOf(url))
  })
  return patterns
}
