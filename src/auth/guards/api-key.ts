/** @module Knows users by the API keys that were issued to them. */
import type { Application } from '../../application/application.ts'
import { isAbility } from '../api-keys/key-format.ts'
import { AuthOffError, MissingAbilityError, UnauthenticatedError } from '../errors.ts'
import { challengeOf, realmOf } from './challenge.ts'
import type { CredentialGuard } from './credential-guard.ts'
import { headerOf } from './credentials.ts'

export interface ApiKeyOptions {
  /** The header that carries the key; default: `x-api-key`. */
  readonly header?: string
  /** What a key has to be good for, all of it; default: nothing in particular. */
  readonly abilities?: readonly string[]
}

/**
 * Lets pass who sends a key of `auth.issueApiKey()`, of `limber auth key`, that is good for what the route asks.
 *
 * @example
 * ```ts
 * import { apiKey } from 'limber/auth'
 * import type { Router } from 'limber/http'
 *
 * export default (router: Router) => {
 *   router.post('/orders', () => null, { guards: [apiKey({ abilities: ['orders:write'] })] })
 * }
 * ```
 */
export function apiKey(options: ApiKeyOptions = {}): CredentialGuard {
  const header = (options.header ?? 'x-api-key').toLowerCase()
  const abilities = options.abilities ?? []
  const strange = abilities.find((ability) => !isAbility(ability))
  if (strange !== undefined)
    throw new TypeError(`"${strange}" is no ability: it may have no blanks, quotes, commas or backslashes.`)
  const challenge = (app: Application, more = {}) =>
    challengeOf('ApiKey', { realm: realmOf(app), header, ...more })
  return {
    name: header === 'x-api-key' ? 'apiKey' : `apiKey-${header}`,
    scheme: { type: 'apiKey', in: 'header', name: header },
    challenge: (app) => challenge(app),
    isMeant: (request) => headerOf(request, header) !== undefined,
    async admit(request, app) {
      const keys = app.make('auth.keys')
      if (!keys) throw new AuthOffError('apiKey()', '"apiKeys" in config/auth.ts')
      const sent = headerOf(request, header)
      if (sent === undefined)
        throw new UnauthenticatedError(challenge(app), 'The request carries no API key.')
      const found = await keys.find(sent)
      if (!found) throw new UnauthenticatedError(challenge(app), 'The API key is not good, or no longer.')
      app.make('auth').admit(found.user, { guard: 'apiKey', abilities: found.abilities })
      const missing = abilities.filter(
        (one) => !found.abilities.includes(one) && !found.abilities.includes('*'),
      )
      if (missing.length === 0) return
      const facts = { error: 'insufficient_scope', scope: abilities.join(' ') }
      throw new MissingAbilityError(missing, challenge(app, facts))
    },
  }
}
