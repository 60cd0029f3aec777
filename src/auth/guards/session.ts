/** @module Knows users by the session of their browser, in which they have logged in. */
import type { Application } from '../../application/application.ts'
import type { ClientRequest } from '../../application/ports/client-request.ts'
import type { CurrentUser } from '../../application/ports/current-user.ts'
import { AuthOffError, UnauthenticatedError } from '../errors.ts'
import { userOfSession } from '../logins/login-session.ts'
import { usersOf } from '../users-of.ts'
import { challengeOf, realmOf } from './challenge.ts'
import type { CredentialGuard } from './credential-guard.ts'

export interface SessionGuardOptions {
  /** The name of the cookie, for OpenAPI; default: `session`, as in `config/http.ts`. */
  readonly cookie?: string
}

/**
 * Lets pass who has logged in with `auth.login()` and has not logged out since, nor got another password.
 *
 * A refusal names the scheme `Session`, which is ours: HTTP asks for one, and browsers show no dialog for it.
 *
 * @example
 * ```ts
 * import { session } from 'limber/auth'
 * import type { Router } from 'limber/http'
 *
 * export default (router: Router) => {
 *   router.get('/profile', ({ request }) => request.user, { guards: [session()] })
 * }
 * ```
 */
export function session({ cookie = 'session' }: SessionGuardOptions = {}): CredentialGuard {
  const challenge = (app: Application) => challengeOf('Session', { realm: realmOf(app) })
  /** Read once for a request, though a choice asks before it admits. */
  const users = new WeakMap<ClientRequest, Promise<CurrentUser | undefined>>()
  const userOf = (request: ClientRequest, app: Application) => {
    const known = users.get(request)
    const user = known ?? userOfSession(request.session, usersOf(app))
    if (!known) users.set(request, user)
    return user
  }
  return {
    name: 'session',
    scheme: { type: 'apiKey', in: 'cookie', name: cookie },
    challenge,
    // One that counts no longer is none: its browser would be refused wherever guests may pass.
    isMeant: async (request, app) => (await userOf(request, app)) !== undefined,
    async admit(request, app) {
      if (!request.session) throw new AuthOffError('session()', '"sessions" in config/http.ts')
      const user = await userOf(request, app)
      if (!user) throw new UnauthenticatedError(challenge(app))
      app.make('auth').admit(user, { guard: 'session' })
    },
  }
}
