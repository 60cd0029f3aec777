/** @module The `http` section of the configuration. */

import type { OpenApiConfig } from './openapi/openapi-config.ts'
import type { AccessLogConfig } from './operations/access-log-config.ts'
import type { HealthConfig } from './operations/health-config.ts'
import type { CompressionConfig } from './plugins/compression.ts'
import type { CookiesConfig } from './plugins/cookies.ts'
import type { CorsConfig } from './plugins/cors.ts'
import type { CsrfConfig } from './plugins/csrf.ts'
import type { HelmetConfig } from './plugins/helmet.ts'
import type { SessionsConfig } from './plugins/sessions.ts'
import type { StaticConfig } from './plugins/static-files.ts'
import type { UploadsConfig } from './plugins/uploads.ts'
import type { ErrorFormatChoice } from './problems/error-format.ts'
import type { MiddlewareClass } from './requests/middleware.ts'
import type { LimitsConfig } from './server/limits.ts'

export interface HttpConfig extends LimitsConfig {
  /** The address to listen on; default: 127.0.0.1, this machine only. 0.0.0.0 is every network it is on. */
  readonly host?: string
  /** Default: 3000; 0 lets the system choose. */
  readonly port?: number
  /**
   * Whether to believe the X-Forwarded headers: the addresses or networks of the proxies (`10.0.0.0/8`, `loopback`), how many
   * of them stand in front, or `true` for everybody; default: false.
   */
  readonly trustProxy?: boolean | string | number | readonly string[]
  /** The header whose request id is taken over: `true` is x-request-id. Default: every request gets an id of its own. */
  readonly requestIdHeader?: boolean | string
  /** Whether each reply is logged; default: false. */
  readonly accessLog?: boolean | AccessLogConfig
  /** The routes for those who supervise the process; default: /health and /ready. `false` takes them away. */
  readonly health?: false | HealthConfig
  /** How long a stop goes on serving while `/ready` says 503 already, in milliseconds; default: 0. */
  readonly drainDelay?: number
  /** How long a stop lets what is in flight finish, in milliseconds; default: 10,000. */
  readonly drainTimeout?: number
  /** What stands around every handler, the first one outermost. */
  readonly middleware?: readonly MiddlewareClass[]
  /** Which pages of other origins may call; default: none. */
  readonly cors?: CorsConfig
  /** Headers that protect pages in browsers; default: none are sent. */
  readonly helmet?: true | HelmetConfig
  /** Cookies, and their defaults; default: off. */
  readonly cookies?: true | CookiesConfig
  /** What is remembered of a client on the server; it needs `cookies.secret`. Default: off. */
  readonly sessions?: true | SessionsConfig
  /** Whether requests that change something need a token of a page of this application; default: off. */
  readonly csrf?: true | CsrfConfig
  /** Whether multipart requests are read, and how large they may be; default: off. */
  readonly uploads?: true | UploadsConfig
  /** Folders whose files are sent as they are; default: none. */
  readonly static?: StaticConfig | readonly StaticConfig[]
  /** Whether replies are compressed; default: off. */
  readonly compression?: true | CompressionConfig
  /** The OpenAPI document and the reference for browsers; `{}` is enough for both. Default: neither. */
  readonly openapi?: OpenApiConfig
  /** How clients are told of errors: a format or its class; default: problem details (RFC 9457). */
  readonly errors?: ErrorFormatChoice
  /** Whether browsers are shown errors on a page with source and stack; default: in development. Never outside of development and test. */
  readonly developmentPage?: boolean
}

declare module '../config/config.ts' {
  interface ConfigSections {
    http: HttpConfig
  }
}

/**
 * Defines the server in `config/http.ts`.
 *
 * @example
 * ```ts
 * import { env } from 'limber'
 * import { defineHttp } from 'limber/http'
 *
 * export default defineHttp({
 *   host: env.string('HOST', '127.0.0.1'),
 *   port: env.port('PORT', 3000),
 * })
 * ```
 */
export function defineHttp(config: HttpConfig): HttpConfig {
  return config
}
