/** @module What the guards refuse. */
import { type ErrorKind, LimberError } from '../../../errors/limber-error.ts'

export interface Loss {
  readonly migration: string
  /** One sentence: what would be lost. */
  readonly what: string
  readonly safer?: string | undefined
}

export class DestructiveMigrationError extends LimberError {
  readonly code = 'LIMBER_DESTRUCTIVE_MIGRATION'
  readonly kind: ErrorKind = 'conflict'

  constructor(losses: readonly Loss[]) {
    const count = losses.length === 1 ? '1 change' : `${losses.length} changes`
    super(`${count} would lose or refuse what is in the database; it was not carried out.`, {
      faults: losses.map(({ migration, what, safer }) => ({
        path: migration,
        message: safer ? `${what} Safer: ${safer}` : what,
      })),
      hint: 'Take the safer way where there is one, or run the command again with --allow-destructive.',
    })
  }
}
