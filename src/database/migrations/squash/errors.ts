/** @module What can go wrong where many migrations become one. */
import { type ErrorKind, LimberError } from '../../../errors/limber-error.ts'

export class SquashError extends LimberError {
  readonly code = 'LIMBER_SQUASH'
  readonly kind: ErrorKind = 'conflict'

  constructor(reason: string, hint: string) {
    super(`The migrations cannot be squashed: ${reason}`, { hint })
  }
}

export class SquashPartlyAppliedError extends LimberError {
  readonly code = 'LIMBER_SQUASH_PARTLY_APPLIED'
  readonly kind: ErrorKind = 'conflict'

  constructor(squash: string, missing: readonly string[], last: string) {
    super(
      `${squash} replaces migrations of which this database has only some: ${missing.join(', ')} missing.`,
      {
        hint: `Migrate it with the release before the squash, up to ${last}; then run this again. Nothing was changed.`,
      },
    )
  }
}
