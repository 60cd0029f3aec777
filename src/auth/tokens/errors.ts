/** @module What can go wrong with tokens. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'
import { maskSecrets } from '../../support/mask-secrets.ts'

export class InvalidTokenError extends LimberError {
  readonly code = 'LIMBER_INVALID_TOKEN'
  readonly kind: ErrorKind = 'unauthenticated'

  /** @param reason completes "The token …", and holds nothing of it */
  constructor(reason: string, challenge: string, cause?: unknown) {
    super(`The token ${reason}.`, {
      hint: 'Ask for a new token, and send it as "authorization: Bearer …".',
      headers: { 'www-authenticate': challenge },
      cause,
    })
  }
}

export class TokenKeysUnavailableError extends LimberError {
  readonly code = 'LIMBER_TOKEN_KEYS_UNAVAILABLE'
  readonly kind: ErrorKind = 'unavailable'

  constructor(url: string, cause: unknown) {
    super(`The keys that tokens are checked with cannot be had from ${maskSecrets(url)}.`, {
      hint: 'Look whether the issuer answers, and whether jwt.jwks.url in config/auth.ts is right.',
      cause,
    })
  }
}

export class TokenNotIssuedError extends LimberError {
  readonly code = 'LIMBER_TOKEN_NOT_ISSUED'
  readonly kind: ErrorKind = 'internal'

  constructor(reason: string, hint: string) {
    super(`No token was issued: ${reason}.`, { hint })
  }
}
