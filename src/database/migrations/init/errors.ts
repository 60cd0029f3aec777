/** @module What an application lacks that `limber db init` writes. */
import { type ErrorKind, LimberError } from '../../../errors/limber-error.ts'

export class DatabaseConfigMissingError extends LimberError {
  readonly code = 'LIMBER_DATABASE_CONFIG_MISSING'
  readonly kind: ErrorKind = 'invalid'

  constructor() {
    super('The configuration has no section "database".', {
      hint: 'Run "limber db init", which writes config/database.ts, or write it: export default defineDatabase({ … }).',
    })
  }
}
