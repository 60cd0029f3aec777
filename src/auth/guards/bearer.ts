/** @module Knows users by tokens: RFC 6750 with JSON Web Tokens. */
import type { Application } from '../../application/application.ts'
import { AuthOffError, UnauthenticatedError } from '../errors.ts'
import { BadToken } from '../tokens/bad-token.ts'
import { InvalidTokenError } from '../tokens/errors.ts'
import type { TokenClaims, Tokens } from '../tokens/tokens.ts'
import { usersOf } from '../users-of.ts'
import { challengeOf, realmOf } from './challenge.ts'
import type { CredentialGuard } from './credential-guard.ts'
import { credentialsOf } from './credentials.ts'

const SCHEME = { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }

/**
 * Lets pass who sends a token of `auth.issueToken()`, or of the issuer whose keys `jwt.jwks` names.
 *
 * @example
 * ```ts
 * import { bearer } from 'limber/auth'
 * import type { Router } from 'limber/http'
 *
 * export default (router: Router) => {
 *   router.group({ prefix: '/api', guards: [bearer()] }, (api) => api.get('/me', ({ request }) => request.user))
 * }
 * ```
 */
export function bearer(): CredentialGuard {
  const challenge = (app: Application, more = {}) => challengeOf('Bearer', { realm: realmOf(app), ...more })
  return {
    name: 'bearer',
    scheme: SCHEME,
    challenge: (app) => challenge(app),
    isMeant: (request) => credentialsOf(request, 'bearer') !== undefined,
    async admit(request, app) {
      const tokens = app.make('auth.tokens')
      if (!tokens) throw new AuthOffError('bearer()', '"jwt" in config/auth.ts')
      const token = credentialsOf(request, 'bearer')
      if (token === undefined) throw new UnauthenticatedError(challenge(app), 'The request carries no token.')
      const refuse = (reason: string, cause?: unknown) => {
        // RFC 6750 allows no quotes in it.
        const facts = {
          error: 'invalid_token',
          error_description: `The token ${reason.replaceAll('"', "'")}.`,
        }
        return new InvalidTokenError(reason, challenge(app, facts), cause)
      }
      const claims = await claimsOf(token, tokens, refuse)
      const user = await usersOf(app).findById(claims.sub)
      if (!user) throw refuse('is of a user who is not there any more')
      app.make('auth').admit(user, { guard: 'bearer', claims })
    },
  }
}

async function claimsOf(
  token: string,
  tokens: Tokens,
  refuse: (reason: string, cause: unknown) => Error,
): Promise<TokenClaims> {
  try {
    return await tokens.verify(token)
  } catch (error) {
    throw error instanceof BadToken ? refuse(error.message, error.cause) : error
  }
}
