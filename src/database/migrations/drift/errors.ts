/** @module What the start of an application finds amiss between models, migrations and the database. */
import { type ErrorKind, LimberError } from '../../../errors/limber-error.ts'
import { messageOf } from '../../../support/message-of.ts'

export class DriftError extends LimberError {
  readonly code = 'LIMBER_DRIFT'
  readonly kind: ErrorKind = 'conflict'

  constructor(what: readonly string[], commands: readonly string[]) {
    super(what.join(' '), {
      hint: `Run: ${commands.join(', then: ')}. Or set drift to "warn" under migrations in config/database.ts.`,
    })
  }
}

export class CheckFailedError extends LimberError {
  readonly code = 'LIMBER_CHECK_FAILED'
  /** Its exit code is not one of those that `limber db check` answers with. */
  readonly kind: ErrorKind = 'unavailable'

  constructor(cause: unknown) {
    super(`The check came to no answer: ${messageOf(cause)}`, {
      hint: (cause instanceof LimberError && cause.hint) || 'Correct what the cause says, and check again.',
      cause,
    })
  }
}
