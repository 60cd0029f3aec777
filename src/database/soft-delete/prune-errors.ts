/** @module What can go wrong with emptying the trash. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'

export class BatchSizeError extends LimberError {
  readonly code = 'LIMBER_BATCH_SIZE'
  readonly kind: ErrorKind = 'invalid'

  constructor(size: number) {
    super(`The size of a batch has to be a whole number above zero, not ${size}.`, {
      hint: 'A thousand rows at a time is a good beginning; leave it out to get that.',
    })
  }
}

export class PruneDateError extends LimberError {
  readonly code = 'LIMBER_PRUNE_DATE'
  readonly kind: ErrorKind = 'invalid'

  constructor(before: unknown) {
    super(`The trash is emptied of what is older than a date, not than ${String(before)}.`, {
      hint: 'Give a Date between the years 1 and 9999; perhaps it was made from a text that names none.',
    })
  }
}

export class SoftModelNotFoundError extends LimberError {
  readonly code = 'LIMBER_SOFT_MODEL_NOT_FOUND'
  readonly kind: ErrorKind = 'not-found'

  constructor(name: string, known: readonly string[], near: string | undefined) {
    super(`There is no soft-deleted model "${name}" on this connection.`, {
      hint: near ? `Did you mean "${near}"?` : `There are: ${known.join(', ') || 'none'}.`,
    })
  }
}
