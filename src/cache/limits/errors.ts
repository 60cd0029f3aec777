/** @module What can go wrong with limits. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'

export class InvalidLimitError extends LimberError {
  readonly code = 'LIMBER_INVALID_LIMIT'
  readonly kind: ErrorKind = 'internal'

  /** @param option what is wrong: `max` */
  constructor(option: string, value: unknown, hint: string) {
    super(
      `A limit cannot have ${typeof value === 'string' ? `"${value}"` : String(value)} as its ${option}.`,
      { hint },
    )
  }
}

export class TooManyRequestsError extends LimberError {
  readonly code = 'LIMBER_TOO_MANY_REQUESTS'
  readonly kind: ErrorKind = 'too-many'
  /** How long until it may happen again, in milliseconds. */
  readonly retryAfter: number

  /** @param retryAfter in milliseconds */
  constructor(max: number, retryAfter: number) {
    const seconds = Math.ceil(retryAfter / 1000)
    super(`This may happen ${max === 1 ? 'once' : `${max} times`}, and it was more often.`, {
      hint: `Try again in ${seconds === 1 ? '1 second' : `${seconds} seconds`}.`,
      headers: { 'retry-after': String(seconds) },
    })
    this.retryAfter = retryAfter
  }
}
