/** @module What can go wrong between a client and a user. */
import { type ErrorKind, type Fault, LimberError } from '../errors/limber-error.ts'

export class AuthConfigMissingError extends LimberError {
  readonly code = 'LIMBER_AUTH_CONFIG_MISSING'
  readonly kind: ErrorKind = 'internal'

  constructor() {
    super('There is no config/auth.ts, so nothing says who the users are.', {
      hint: 'Write one: export default defineAuth({ users }).',
    })
  }
}

export class InvalidAuthConfigError extends LimberError {
  readonly code = 'LIMBER_INVALID_AUTH_CONFIG'
  readonly kind: ErrorKind = 'invalid'

  /** @param faults each with the path of its option: `jwt.keys` */
  constructor(faults: readonly Fault[]) {
    super(`config/auth.ts has ${faults.length} fault${faults.length === 1 ? '' : 's'}.`, {
      faults,
      hint: 'Correct the values; docs/auth.md lists every option.',
    })
  }
}

export class AuthOffError extends LimberError {
  readonly code = 'LIMBER_AUTH_OFF'
  readonly kind: ErrorKind = 'internal'

  /** @param option what would have to be configured, and where: `"jwt" in config/auth.ts` */
  constructor(call: string, option: string) {
    super(`${call} was called, and there is no ${option}.`, { hint: `Add ${option}.` })
  }
}

export class UnauthenticatedError extends LimberError {
  readonly code = 'LIMBER_UNAUTHENTICATED'
  readonly kind: ErrorKind = 'unauthenticated'

  /** @param challenge how clients may say who they are, as the header WWW-Authenticate has it */
  constructor(challenge: string, message = 'Nobody is known here: log in first.', cause?: unknown) {
    super(message, { headers: { 'www-authenticate': challenge }, cause })
  }
}

export class InvalidCredentialsError extends LimberError {
  readonly code = 'LIMBER_INVALID_CREDENTIALS'
  readonly kind: ErrorKind = 'unauthenticated'

  /** The same words for a login that there is not and for a wrong password. */
  constructor(challenge: string) {
    super('The login or the password is wrong.', { headers: { 'www-authenticate': challenge } })
  }
}

export class MissingAbilityError extends LimberError {
  readonly code = 'LIMBER_MISSING_ABILITY'
  readonly kind: ErrorKind = 'forbidden'

  constructor(missing: readonly string[], challenge: string) {
    super(`The key is not good for this: it has no ability "${missing.join('", "')}".`, {
      hint: 'Issue a key with it: limber auth key --ability ….',
      headers: { 'www-authenticate': challenge },
    })
  }
}

export class ForbiddenError extends LimberError {
  readonly code = 'LIMBER_FORBIDDEN'
  readonly kind: ErrorKind = 'forbidden'

  constructor(action: string, model: string) {
    super(`This user may not ${action} this ${model}.`, {
      publicMessage: 'You may not do this.',
    })
  }
}

export class ApiKeyNotIssuedError extends LimberError {
  readonly code = 'LIMBER_API_KEY_NOT_ISSUED'
  readonly kind: ErrorKind = 'invalid'

  constructor(reason: string, hint: string) {
    super(`No API key was issued: ${reason}.`, { hint })
  }
}

export class UserNotFoundError extends LimberError {
  readonly code = 'LIMBER_USER_NOT_FOUND'
  readonly kind: ErrorKind = 'not-found'

  constructor(login: string) {
    super(`There is no user with the login "${login}".`, { hint: 'Look at how the login is written.' })
  }
}
