/** @module What the start of an application finds amiss between models, migrations and the database. */
import { type ErrorKind, LimberError } from '../../../errors/limber-error.ts'

export class DriftError extends LimberError {
  readonly code = 'LIMBER_DRIFT'
  readonly kind: ErrorKind = 'conflict'

  constructor(what: readonly string[], commands: readonly string[]) {
    super(what.join(' '), {
      hint: `Run: ${commands.join(', then: ')}. Or set drift to "warn" under migrations in config/database.ts.`,
    })
  }
}
