/** @module What can be wrong on the way of a request. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'

export class NextCalledTwiceError extends LimberError {
  readonly code = 'LIMBER_NEXT_CALLED_TWICE'
  readonly kind: ErrorKind = 'internal'

  constructor(middleware: string) {
    super(`${middleware} called next() twice, and a request is handled once.`, {
      path: [middleware],
      hint: 'Keep what the first call gives.',
    })
  }
}

export class NextNotAwaitedError extends LimberError {
  readonly code = 'LIMBER_NEXT_NOT_AWAITED'
  readonly kind: ErrorKind = 'internal'

  constructor(middleware: string) {
    super(`${middleware} returned before what its next() does had ended.`, {
      path: [middleware],
      hint: 'Return what next() gives, or await it.',
    })
  }
}
