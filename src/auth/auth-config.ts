/** @module The `auth` section of the configuration. */
import type { Lazy } from '../application/define-app.ts'
import type { ApiKeyProvider } from '../application/ports/api-key-provider.ts'
import type { UserProvider } from '../application/ports/user-provider.ts'
import type { HashConfig } from './hash/hash-config.ts'
import type { LoginLimits } from './logins/login-limits.ts'
import type { JwtConfig } from './tokens/jwt-config.ts'

export interface AuthConfig {
  /** Where users are found. */
  readonly users: UserProvider
  /** Where API keys are kept; without it there are none. */
  readonly apiKeys?: ApiKeyProvider
  /** How tokens are signed and checked; without it there are none. */
  readonly jwt?: JwtConfig
  /**
   * How often somebody may try to log in; default: 5 times in a minute for each login and address, and 50 times for each
   * address, where there is a `limiter`. `false` does not count.
   */
  readonly login?: LoginLimits | false
  /** What may be done by whom: classes, or functions that import the file of one. */
  readonly policies?: readonly Lazy[]
  /** What hashing a password costs. */
  readonly hash?: HashConfig
  /** What clients are told they log in to, in `WWW-Authenticate`; default: the name of the application. */
  readonly realm?: string
}

declare module '../config/config.ts' {
  interface ConfigSections {
    auth: AuthConfig
  }
}

/**
 * Defines in `config/auth.ts` who the users are and how they show it.
 *
 * @example
 * ```ts
 * import type { UserProvider } from 'limber'
 * import { env } from 'limber'
 * import { defineAuth } from 'limber/auth'
 *
 * declare const users: UserProvider
 *
 * export default defineAuth({
 *   users,
 *   jwt: {
 *     issuer: 'https://library.example',
 *     audience: 'library',
 *     keys: [{ kid: '2026', algorithm: 'HS256', secret: env.secret('APP_SECRET') }],
 *   },
 * })
 * ```
 */
export function defineAuth(config: AuthConfig): AuthConfig {
  return config
}
