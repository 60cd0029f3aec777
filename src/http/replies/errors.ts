/** @module What can be wrong with the replies of handlers. */
import { type ErrorKind, type Fault, LimberError } from '../../errors/limber-error.ts'

export class ResponseInvalidError extends LimberError {
  readonly code = 'LIMBER_RESPONSE_INVALID'
  readonly kind: ErrorKind = 'internal'

  constructor(route: { readonly signature: string; readonly label: string }, faults: readonly Fault[]) {
    const places = faults.map((fault) => fault.path).join(', ')
    super(`The result of ${route.label} for ${route.signature} cannot be sent: ${places}`, {
      path: [route.signature, route.label],
      faults,
      hint: 'Correct what the handler returns, or the response schema of the route.',
    })
  }
}

export class InvalidReplyError extends LimberError {
  readonly code = 'LIMBER_INVALID_REPLY'
  readonly kind: ErrorKind = 'internal'

  constructor(reason: string, cause?: unknown) {
    super(reason, { hint: 'Look at response.status() and response.header() in the handler.', cause })
  }
}
