/** @module Several ways to say who one is, of which one is enough. */
import type { Application } from '../../application/application.ts'
import type { ClientRequest } from '../../application/ports/client-request.ts'
import { UnauthenticatedError } from '../errors.ts'
import type { CredentialGuard } from './credential-guard.ts'

/**
 * Lets pass who passes one of these guards: the first one decides whose credentials the request carries. Bad ones are
 * refused, even when others would have been good.
 *
 * @example
 * ```ts
 * import { anyOf, apiKey, bearer } from 'limber/auth'
 * import type { Router } from 'limber/http'
 *
 * export default (router: Router) => {
 *   router.get('/me', ({ request }) => request.user, { guards: [anyOf(apiKey(), bearer())] })
 * }
 * ```
 */
export function anyOf(...guards: readonly [CredentialGuard, ...CredentialGuard[]]): CredentialGuard {
  const challenge = (app: Application) => {
    const challenges = guards.map((guard) => guard.challenge(app)).filter((one) => one !== undefined)
    return challenges.length > 0 ? challenges.join(', ') : undefined
  }
  return {
    name: guards.map(({ name }) => name).join(' or '),
    anyOf: guards,
    challenge,
    isMeant: async (request, app) => (await firstMeant(guards, request, app)) !== undefined,
    async admit(request, app) {
      const guard = await firstMeant(guards, request, app)
      if (!guard) throw new UnauthenticatedError(challenge(app) ?? '')
      await guard.admit(request, app)
    },
  }
}

async function firstMeant(
  guards: readonly CredentialGuard[],
  request: ClientRequest,
  app: Application,
): Promise<CredentialGuard | undefined> {
  for (const guard of guards) if (await guard.isMeant(request, app)) return guard
  return undefined
}

/**
 * Lets everybody pass: as the last one of `anyOf`, for routes that guests may use and that know users nevertheless.
 *
 * @example
 * ```ts
 * import { anyOf, anyone, session } from 'limber/auth'
 * import type { Router } from 'limber/http'
 *
 * export default (router: Router) => {
 *   router.get('/books', ({ request }) => ({ isGuest: !request.user }), { guards: [anyOf(session(), anyone())] })
 * }
 * ```
 */
export function anyone(): CredentialGuard {
  return { name: 'anyone', challenge: () => undefined, isMeant: () => true, admit: () => undefined }
}
