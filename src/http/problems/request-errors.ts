/** @module What can be wrong with a request; the client is told. */
import { type ErrorKind, type Fault, LimberError } from '../../errors/limber-error.ts'

/** An error with a status that its kind alone does not say. */
export abstract class HttpError extends LimberError {
  abstract readonly status: number
}

export class RequestInvalidError extends LimberError {
  readonly code = 'LIMBER_REQUEST_INVALID'
  readonly kind: ErrorKind = 'invalid'

  constructor(faults: readonly Fault[]) {
    super(`The request has ${faults.length} fault${faults.length === 1 ? '' : 's'}.`, { faults })
  }
}

export class MalformedBodyError extends LimberError {
  readonly code = 'LIMBER_MALFORMED_BODY'
  readonly kind: ErrorKind = 'malformed'

  constructor(reason: string, cause?: Error) {
    super(`The body of the request cannot be read: ${reason}`, {
      hint: 'Send what the content-type header announces.',
      cause,
    })
  }
}

export class MalformedUrlError extends LimberError {
  readonly code = 'LIMBER_MALFORMED_URL'
  readonly kind: ErrorKind = 'malformed'

  constructor(cause: unknown) {
    super('The URL of the request cannot be read.', { hint: 'Percent-encode it.', cause })
  }
}

export class ExpectationFailedError extends HttpError {
  readonly code = 'LIMBER_EXPECTATION_FAILED'
  readonly kind: ErrorKind = 'unsupported'
  readonly status = 417

  constructor(expectation: string) {
    super(`This server does not do what the request expects: ${expectation}.`, {
      hint: 'Leave out the header expect, or send 100-continue.',
    })
  }
}

/** What was sent is no HTTP; the connection ends with the reply. */
export class MalformedRequestError extends HttpError {
  readonly code = 'LIMBER_MALFORMED_REQUEST'
  readonly kind: ErrorKind = 'malformed'
  readonly status = 400

  constructor(reason: string, cause?: Error) {
    const hint = 'Correct the program that sent it.'
    super(`The request cannot be read as HTTP: ${reason}`, { hint, cause, headers: { connection: 'close' } })
  }
}

export class HeadersTooLargeError extends HttpError {
  readonly code = 'LIMBER_HEADERS_TOO_LARGE'
  readonly kind: ErrorKind = 'too-large'
  readonly status = 431

  constructor(cause: Error) {
    const hint = 'Send fewer cookies or shorter headers.'
    super('The headers of the request are larger than this server accepts.', { hint, cause })
  }
}

export class RequestTimeoutError extends HttpError {
  readonly code = 'LIMBER_REQUEST_TIMEOUT'
  readonly kind: ErrorKind = 'timeout'
  readonly status = 408

  constructor(cause: Error) {
    const hint = 'Send it again, without pauses.'
    super('The request has not arrived in the time that this server waits.', { hint, cause })
  }
}

export class BodyTooLargeError extends LimberError {
  readonly code = 'LIMBER_BODY_TOO_LARGE'
  readonly kind: ErrorKind = 'too-large'

  constructor(cause: Error) {
    super('The body of the request is larger than this server accepts.', {
      hint: 'Send less at once.',
      cause,
    })
  }
}

export class UnsupportedMediaTypeError extends LimberError {
  readonly code = 'LIMBER_UNSUPPORTED_MEDIA_TYPE'
  readonly kind: ErrorKind = 'unsupported'

  constructor(reason: string, hint: string, cause?: Error) {
    super(`This server does not read the body of the request: ${reason}`, { hint, cause })
  }
}

export class RouteNotFoundError extends LimberError {
  readonly code = 'LIMBER_ROUTE_NOT_FOUND'
  readonly kind: ErrorKind = 'not-found'

  constructor(method: string, path: string, near?: string) {
    super(`There is no route ${method} ${path}.`, {
      hint: near ? `Did you mean "${near}"?` : undefined,
    })
  }
}

export class MethodNotAllowedError extends HttpError {
  readonly code = 'LIMBER_METHOD_NOT_ALLOWED'
  readonly kind: ErrorKind = 'unsupported'
  readonly status = 405

  constructor(method: string, path: string, allowed: readonly string[]) {
    const allow = allowed.join(', ')
    super(`${path} does not answer ${method}.`, { hint: `It answers ${allow}.`, headers: { allow } })
  }
}

/** A handler that has not ended in its time; what it had written is undone. */
export class HandlerTimeoutError extends LimberError {
  readonly code = 'LIMBER_HANDLER_TIMEOUT'
  readonly kind: ErrorKind = 'timeout'

  constructor(cause: Error) {
    super('The reply was not ready in the time that it may take.', { hint: 'Ask for less at once.', cause })
  }
}

/** A refusal by Fastify or one of its plugins. */
export class RequestRefusedError extends HttpError {
  readonly code = 'LIMBER_REQUEST_REFUSED'
  readonly kind: ErrorKind
  readonly status: number

  constructor(status: number, kind: ErrorKind, cause: Error, headers?: Readonly<Record<string, string>>) {
    super(cause.message, { cause, headers })
    this.status = status
    this.kind = kind
  }
}

export class ServerStoppingError extends LimberError {
  readonly code = 'LIMBER_SERVER_STOPPING'
  readonly kind: ErrorKind = 'unavailable'

  constructor() {
    super('The server is stopping and takes no more requests.', { hint: 'Send the request again.' })
  }
}

/** Stands for anything that was thrown and is not an error of Limber: a mistake in the program. */
export class UnexpectedError extends LimberError {
  readonly code = 'LIMBER_UNEXPECTED'
  readonly kind: ErrorKind = 'internal'

  constructor(thrown: unknown) {
    super(thrown instanceof Error ? thrown.message : `Thrown: ${String(thrown)}`, {
      hint: 'Look at the cause.',
      cause: thrown,
    })
  }
}
