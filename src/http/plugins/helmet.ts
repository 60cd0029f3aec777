/** @module Helmet: headers that tell browsers what pages of this server may do, and who may embed them. */
import type { FastifyInstance } from 'fastify'
import { loadFeature } from '../../support/load-feature.ts'
import { messageOf } from '../../support/message-of.ts'
import { InvalidHttpConfigError } from '../server/errors.ts'

export interface HelmetConfig {
  /** What a page may load and run; default: what comes from this server, and no script or event handler in the page. */
  readonly contentSecurityPolicy?: false | ContentSecurityPolicy
  /** Whether browsers insist on HTTPS from now on; sent in production only. Default: for a year, with subdomains. */
  readonly strictTransportSecurity?: false | StrictTransportSecurity
  /** Who may show a page in a frame; default: `sameorigin`. */
  readonly frameOptions?: false | 'deny' | 'sameorigin'
  /** What links tell of the page they are on; default: `no-referrer`. */
  readonly referrerPolicy?: false | ReferrerPolicy
  /** Who may load what this server sends without CORS; default: `same-origin`. */
  readonly crossOriginResourcePolicy?: false | 'same-origin' | 'same-site' | 'cross-origin'
  /** Whether windows that a page opens may reach it; default: `same-origin`. */
  readonly crossOriginOpenerPolicy?: false | 'same-origin' | 'same-origin-allow-popups' | 'unsafe-none'
}

export interface ContentSecurityPolicy {
  /** By name, as in `img-src`: they take the place of the default ones, and null takes one away. */
  readonly directives?: Readonly<Record<string, readonly string[] | null>>
  /** Whether browsers only report what they would refuse; default false. */
  readonly reportOnly?: boolean
}

export interface StrictTransportSecurity {
  /** In seconds; default: 31,536,000, a year. */
  readonly maxAge?: number
  /** Default true. */
  readonly includeSubDomains?: boolean
  /** Whether browsers may come with this server on their list; default false. It cannot be taken back soon. */
  readonly preload?: boolean
}

export type ReferrerPolicy =
  | 'no-referrer'
  | 'no-referrer-when-downgrade'
  | 'same-origin'
  | 'origin'
  | 'strict-origin'
  | 'origin-when-cross-origin'
  | 'strict-origin-when-cross-origin'
  | 'unsafe-url'

/** @throws {InvalidHttpConfigError} @throws {PackageMissingError} */
export async function addHelmet(
  server: FastifyInstance,
  config: HelmetConfig,
  isProduction: boolean,
): Promise<void> {
  const helmet = await loadFeature(
    '@fastify/helmet',
    '"helmet" in config/http.ts',
    () => import('@fastify/helmet'),
  )
  const contentSecurityPolicy = config.contentSecurityPolicy !== false && policyOf(config, isProduction)
  if (contentSecurityPolicy)
    refuseInvalid(() => helmet.default.fastifyHelmet.contentSecurityPolicy(contentSecurityPolicy))
  const { strictTransportSecurity, frameOptions, referrerPolicy } = config
  const { crossOriginResourcePolicy: resources, crossOriginOpenerPolicy: opener } = config
  await server.register(helmet.default, {
    contentSecurityPolicy,
    strictTransportSecurity: isProduction &&
      strictTransportSecurity !== false && { ...strictTransportSecurity },
    ...(frameOptions !== undefined && { frameguard: frameOptions && { action: frameOptions } }),
    ...(referrerPolicy !== undefined && { referrerPolicy: referrerPolicy && { policy: referrerPolicy } }),
    ...(resources !== undefined && { crossOriginResourcePolicy: resources && { policy: resources } }),
    ...(opener !== undefined && { crossOriginOpenerPolicy: opener && { policy: opener } }),
  })
}

function policyOf({ contentSecurityPolicy }: HelmetConfig, isProduction: boolean) {
  const { directives, reportOnly = false } = contentSecurityPolicy || {}
  const written = Object.entries(directives ?? {}).map(
    ([name, values]) => [name, values && [...values]] as const,
  )
  return {
    reportOnly,
    directives: {
      // It turns http into https, which a machine that one develops on does not speak.
      ...(!isProduction && { 'upgrade-insecure-requests': null }),
      ...Object.fromEntries(written),
    },
  }
}

/** Helmet itself would notice with each request. */
function refuseInvalid(check: () => unknown): void {
  try {
    check()
  } catch (error) {
    const hint = 'Write the names of directives like "img-src", and keywords in single quotes: "\'self\'".'
    const message = `${messageOf(error)} ${hint}`
    throw new InvalidHttpConfigError([{ path: 'helmet.contentSecurityPolicy', message }], error)
  }
}
