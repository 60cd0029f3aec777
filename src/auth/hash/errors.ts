/** @module What can go wrong with hashes. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'

export class InvalidHashOptionError extends LimberError {
  readonly code = 'LIMBER_INVALID_HASH_OPTION'
  readonly kind: ErrorKind = 'internal'

  constructor(name: string, value: unknown, least: number, most: number) {
    super(`"${name}" of hash is ${value}, but has to be a whole number from ${least} to ${most}.`, {
      hint: `Correct hash.${name} in config/auth.ts.`,
    })
  }
}

export class InvalidPasswordError extends LimberError {
  readonly code = 'LIMBER_INVALID_PASSWORD'
  readonly kind: ErrorKind = 'invalid'

  /** @param reason completes "The password …" */
  constructor(reason: string) {
    super(`The password ${reason}.`, { hint: 'Choose another password.' })
  }
}

export class MalformedHashError extends LimberError {
  readonly code = 'LIMBER_MALFORMED_HASH'
  readonly kind: ErrorKind = 'internal'

  /** @param reason never holds the hash */
  constructor(reason: string) {
    super(`A password was compared with something that is no hash of one: ${reason}.`, {
      hint: 'Store what Hash.make() gave, as it is, in a column that has room for it.',
      publicMessage: 'The password could not be checked.',
    })
  }
}

export class UnknownDigestError extends LimberError {
  readonly code = 'LIMBER_UNKNOWN_DIGEST'
  readonly kind: ErrorKind = 'internal'

  constructor(algorithm: string, near: string | undefined) {
    super(`This platform knows no digest "${algorithm}".`, {
      hint: near === undefined ? 'Use one that crypto.getHashes() lists.' : `Did you mean "${near}"?`,
    })
  }
}
