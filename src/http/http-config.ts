/** @module The `http` section of the configuration. */

export interface HttpConfig {
  /** The address to listen on; default: 127.0.0.1, this machine only. 0.0.0.0 is every network it is on. */
  readonly host?: string
  /** Default: 3000; 0 lets the system choose. */
  readonly port?: number
  /** The largest body that is read, in bytes; default: 1 MiB. */
  readonly bodyLimit?: number
  /** How long a client may take to send its request, in milliseconds; default: 60,000. */
  readonly requestTimeout?: number
  /** Whether to believe the X-Forwarded headers: `true`, or the addresses of the proxies; default: false. */
  readonly trustProxy?: boolean | string | readonly string[]
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
