/** @module What can be wrong with the configuration and the environment. */
import { type ErrorKind, type Fault, LimberError } from '../errors/limber-error.ts'
import { suggest } from '../support/suggest.ts'

export class EnvironmentError extends LimberError {
  readonly code = 'LIMBER_ENVIRONMENT'
  readonly kind: ErrorKind = 'invalid'

  constructor(faults: readonly Fault[]) {
    super(
      `${faults.length} environment variable${faults.length === 1 ? ' is' : 's are'} missing or malformed.`,
      {
        faults,
        hint: 'Set them in the environment or in the .env file at the root of the application.',
      },
    )
  }
}

export class ConfigFileError extends LimberError {
  readonly code = 'LIMBER_CONFIG_FILE'
  readonly kind: ErrorKind = 'invalid'

  constructor(file: string, reason: string, hint: string, cause?: unknown) {
    super(`${file} cannot be used: ${reason}`, { path: [file], hint, cause })
  }
}

export class ConfigKeyNotFoundError extends LimberError {
  readonly code = 'LIMBER_CONFIG_KEY_NOT_FOUND'
  readonly kind: ErrorKind = 'internal'

  constructor(path: string, missing: string, known: readonly string[]) {
    const near = suggest(missing, known)
    super(`The configuration has no "${path}": "${missing}" is not there.`, {
      hint: near ? `Did you mean "${near}"?` : `Known here: ${known.join(', ') || 'nothing'}.`,
    })
  }
}
