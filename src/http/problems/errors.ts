/** @module What can be wrong with how errors are told. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'
import { messageOf } from '../../support/message-of.ts'

export class ErrorFormatError extends LimberError {
  readonly code = 'LIMBER_ERROR_FORMAT'
  readonly kind: ErrorKind = 'internal'

  /** @param shown the code of the error that was to be shown */
  constructor(shown: string, cause: unknown) {
    super(`The format of errors failed to show ${shown}: ${messageOf(cause)}`, {
      hint: 'Correct render() of "errors" in config/http.ts; it gives { contentType, body }.',
      cause,
    })
  }
}
