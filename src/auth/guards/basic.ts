/** @module Knows users by login and password in every request: RFC 7617. */
import type { Application } from '../../application/application.ts'
import type { ClientRequest } from '../../application/ports/client-request.ts'
import { InvalidCredentialsError, UnauthenticatedError } from '../errors.ts'
import type { Credentials } from '../logins/logins.ts'
import { challengeOf, realmOf } from './challenge.ts'
import type { CredentialGuard } from './credential-guard.ts'
import { credentialsOf } from './credentials.ts'

export interface BasicOptions {
  /** What browsers show when they ask for the password; default: `realm` of the configuration. */
  readonly realm?: string
}

const SCHEME = { type: 'http', scheme: 'basic' }

/**
 * Lets pass who sends a login and its password. Every request costs a hash: prefer tokens where many are sent.
 *
 * @example
 * ```ts
 * import { basic } from 'limber/auth'
 * import type { Router } from 'limber/http'
 *
 * export default (router: Router) => {
 *   router.get('/reports', () => [], { guards: [basic({ realm: 'reports' })] })
 * }
 * ```
 */
export function basic({ realm }: BasicOptions = {}): CredentialGuard {
  const challenge = (app: Application) =>
    challengeOf('Basic', { realm: realm ?? realmOf(app), charset: 'UTF-8' })
  return {
    name: 'basic',
    scheme: SCHEME,
    answers: [401, 403, 429],
    challenge,
    isMeant: (request) => credentialsOf(request, 'basic') !== undefined,
    async admit(request, app) {
      const credentials = readBasic(request)
      if (!credentials) throw new UnauthenticatedError(challenge(app))
      const user = await app.make('auth.logins').find(credentials, request.ip)
      if (!user) throw new InvalidCredentialsError(challenge(app))
      app.make('auth').admit(user, { guard: 'basic' })
    },
  }
}

/** Gives login and password; undefined for what is not of the form of RFC 7617. */
function readBasic(request: ClientRequest): Credentials | undefined {
  const encoded = credentialsOf(request, 'basic')
  if (encoded === undefined || !/^[\w+/-]+=*$/.test(encoded)) return undefined
  const text = decode(Buffer.from(encoded, 'base64'))
  const colon = text?.indexOf(':') ?? -1
  // biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 7617 forbids exactly these.
  if (text === undefined || colon < 1 || /[\0-\x1f\x7f]/.test(text)) return undefined
  return { login: text.slice(0, colon), password: text.slice(colon + 1) }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // Another charset: nobody can tell which.
    return undefined
  }
}
