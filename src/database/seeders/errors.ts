/** @module What can go wrong with seeders. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'

export class SeederNotFoundError extends LimberError {
  readonly code = 'LIMBER_SEEDER_NOT_FOUND'
  readonly kind: ErrorKind = 'not-found'

  constructor(name: string, folder: string, near: string | undefined) {
    super(`There is no seeder "${name}" in ${folder}.`, {
      hint: near
        ? `Did you mean "${near}"?`
        : 'Export a class that extends Seeder from a file of that folder.',
    })
  }
}

export class SeederFileError extends LimberError {
  readonly code = 'LIMBER_SEEDER_FILE'
  readonly kind: ErrorKind = 'invalid'

  constructor(file: string, reason: string, cause?: unknown) {
    super(`${file} cannot be used: ${reason}`, {
      path: [file],
      hint: 'Export a class that extends Seeder of limber/database.',
      cause,
    })
  }
}
