/** @module What can be wrong with connections that stay open. */
import { type ErrorKind, type Fault, LimberError } from '../../errors/limber-error.ts'
import { HttpError } from '../problems/request-errors.ts'

export class SubscriberTooSlowError extends LimberError {
  readonly code = 'LIMBER_SUBSCRIBER_TOO_SLOW'
  readonly kind: ErrorKind = 'unavailable'

  constructor(channel: string, capacity: number) {
    super(`A subscriber of ${channel} had more than ${capacity} values waiting, and lost its subscription.`, {
      hint: 'Make its steps faster, or give the channel a larger capacity.',
    })
  }
}

/** A route of a WebSocket was asked like any other. */
export class UpgradeRequiredError extends HttpError {
  readonly code = 'LIMBER_UPGRADE_REQUIRED'
  readonly kind: ErrorKind = 'unsupported'
  readonly status = 426

  constructor(path: string) {
    const hint = `Connect with new WebSocket("…${path}").`
    const headers = { upgrade: 'websocket', connection: 'upgrade', 'sec-websocket-version': '13' }
    super(`${path} is a WebSocket.`, { hint, headers })
  }
}

export class OriginRefusedError extends LimberError {
  readonly code = 'LIMBER_ORIGIN_REFUSED'
  readonly kind: ErrorKind = 'forbidden'

  constructor(origin: string) {
    super(`Pages of ${origin} may not connect here.`, {
      hint: 'Name the site in the option "origins" of the route, if it is one of yours.',
    })
  }
}

/** A message on a WebSocket whose bytes are no JSON. */
export class MalformedMessageError extends LimberError {
  readonly code = 'LIMBER_MALFORMED_MESSAGE'
  readonly kind: ErrorKind = 'malformed'

  constructor(reason: string, cause?: unknown) {
    super(`The message cannot be read: ${reason}`, { hint: 'Send a text that is JSON.', cause })
  }
}

export class MessageInvalidError extends LimberError {
  readonly code = 'LIMBER_MESSAGE_INVALID'
  readonly kind: ErrorKind = 'invalid'

  constructor(faults: readonly Fault[]) {
    super(`The message has ${faults.length} fault${faults.length === 1 ? '' : 's'}.`, { faults })
  }
}
