/** @module Reads that soft delete refuses: their answer would be wrong. */
import { type ErrorKind, LimberError } from '../../../errors/limber-error.ts'

export class SoftDeleteSizeError extends LimberError {
  readonly code = 'LIMBER_SOFT_DELETE_SIZE'
  readonly kind: ErrorKind = 'invalid'

  constructor(relation: string, model: string) {
    super(`$size of "${relation}" would count rows of ${model} that are in the trash.`, {
      hint: 'Use $some, $none or $every, count the rows with loadCount(), or say withTrashed: true.',
    })
  }
}

export class SoftDeleteCacheError extends LimberError {
  readonly code = 'LIMBER_SOFT_DELETE_CACHE'
  readonly kind: ErrorKind = 'invalid'

  constructor(model: string) {
    super(`A cached result of ${model} would go on to show rows that have been deleted since.`, {
      hint: 'Leave out the option cache, or say withTrashed: true as well.',
    })
  }
}
