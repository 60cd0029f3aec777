/** @module What can go wrong with factories. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'
import { suggest } from '../../support/suggest.ts'

export class FakerMissingError extends LimberError {
  readonly code = 'LIMBER_FAKER_MISSING'
  readonly kind: ErrorKind = 'unavailable'

  constructor(cause: unknown) {
    super('A factory uses faker, and the package @faker-js/faker is not installed.', {
      hint: 'Run npm install --save-dev @faker-js/faker.',
      cause,
    })
  }
}

export class StateNotFoundError extends LimberError {
  readonly code = 'LIMBER_STATE_NOT_FOUND'
  readonly kind: ErrorKind = 'invalid'

  constructor(model: string, state: string, known: readonly string[]) {
    const near = suggest(state, known)
    super(`The factory of ${model} has no state "${state}".`, {
      hint: near ? `Did you mean "${near}"?` : `It has: ${known.join(', ') || 'none'}.`,
    })
  }
}
