/** @module What can go wrong with the transaction around a whole test. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'

export class NestedRollbackError extends LimberError {
  readonly code = 'LIMBER_NESTED_ROLLBACK'
  readonly kind: ErrorKind = 'internal'

  constructor() {
    super('test.rollback() was called while another one of the same application was open.', {
      hint: 'Dispose the first one before, or use db.transaction() inside it.',
    })
  }
}

export class EndsRollbackError extends LimberError {
  readonly code = 'LIMBER_ENDS_ROLLBACK'
  readonly kind: ErrorKind = 'internal'

  constructor(sql: string) {
    super(`"${sql.trim().slice(0, 80)}" would end the transaction that test.rollback() is to undo.`, {
      hint: 'Change the schema before test.rollback(), or run this test without it.',
    })
  }
}

export class RollbackOverError extends LimberError {
  readonly code = 'LIMBER_ROLLBACK_OVER'
  readonly kind: ErrorKind = 'internal'

  constructor() {
    super('Work that began in a test.rollback() went on after its end.', {
      hint: 'Wait for all that the test has begun before the rollback is disposed.',
    })
  }
}

export class UndoneTogetherError extends LimberError {
  readonly code = 'LIMBER_UNDONE_TOGETHER'
  readonly kind: ErrorKind = 'internal'

  constructor(title: string) {
    super(`"${title}" was undone with a unit of work in which it began, as all share one transaction.`, {
      hint: 'Let the inner unit of work end first, or run this test without test.rollback().',
    })
  }
}
