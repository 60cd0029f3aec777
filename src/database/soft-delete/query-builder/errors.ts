/** @module What a query builder is asked in vain on a soft-deleted model. */
import { type ErrorKind, LimberError } from '../../../errors/limber-error.ts'

export class SoftTruncateError extends LimberError {
  readonly code = 'LIMBER_SOFT_TRUNCATE'
  readonly kind: ErrorKind = 'internal'

  constructor(model: string) {
    super(`truncate() would destroy the rows of ${model}, which is soft-deleted, and its trash.`, {
      hint: 'Call delete() to trash its rows, or force().truncate() to destroy them.',
    })
  }
}

export class TrashingStatementError extends LimberError {
  readonly code = 'LIMBER_TRASHING_STATEMENT'
  readonly kind: ErrorKind = 'internal'

  constructor(model: string) {
    super(
      `delete() on ${model}, which is soft-deleted, is more than one statement: it has no SQL to be a part of.`,
      {
        hint: 'Run it by itself with execute(), or call force() on it to delete for good.',
      },
    )
  }
}
