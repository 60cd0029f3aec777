/** @module Brings users to an application: registers `auth`, `hash` and what guards need. */
import type { ClassSource } from '../application/ports/class-source.ts'
import { ServiceProvider } from '../application/service-provider.ts'
import { ApiKeys } from './api-keys/api-keys.ts'
import { Auth } from './auth.ts'
import type { AuthConfig } from './auth-config.ts'
import { checkConfig } from './check-config.ts'
import { Hash } from './hash/hash.ts'
import { Logins } from './logins/logins.ts'
import { Policies } from './policies/policies.ts'
import { findJose } from './tokens/jose.ts'
import { Tokens } from './tokens/tokens.ts'

declare module '../container/services.ts' {
  interface Services {
    auth: Auth
    hash: Hash
    /** Undefined where no API keys are configured. */
    'auth.keys': ApiKeys | undefined
    /** Undefined where no tokens are configured. */
    'auth.tokens': Tokens | undefined
    'auth.logins': Logins
    'auth.policies': Policies & ClassSource
  }
}

/**
 * Binds `auth`, which is scoped, and `hash`. `config/auth.ts` is checked at boot.
 *
 * @example
 * ```ts
 * import { defineApp } from 'limber'
 * import { AuthServiceProvider } from 'limber/auth'
 * import { HttpServiceProvider } from 'limber/http'
 *
 * export default defineApp({ name: 'library', providers: [HttpServiceProvider, AuthServiceProvider] })
 * ```
 */
export class AuthServiceProvider extends ServiceProvider {
  override register(): void {
    const { app } = this
    const clock = () => app.make('clock')
    app.singleton('hash', () => new Hash(this.#config.hash))
    app.singleton('auth.keys', () => this.#config.apiKeys && new ApiKeys(this.#config.apiKeys, clock))
    app.singleton('auth.tokens', () => this.#config.jwt && new Tokens(this.#config.jwt, clock))
    app.singleton('auth.logins', () => new Logins(app))
    app.singleton('auth.policies', () => new Policies(app, this.#config.policies ?? []))
    app.tag('classes', 'auth.policies')
    app.scoped('auth', () => new Auth(app))
  }

  /**
   * @throws {AuthConfigMissingError} @throws {InvalidAuthConfigError} @throws {InvalidHashOptionError}
   * @throws {PackageMissingError}
   */
  override async boot(): Promise<void> {
    checkConfig(this.app)
    // What its options say is checked when it is made.
    this.app.make('hash')
    // Told before there is a client whose token nobody can check.
    if (this.#config.jwt) await findJose()
  }

  get #config(): AuthConfig {
    return this.app.config.get('auth')
  }
}
