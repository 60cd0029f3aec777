/** @module What can be wrong with the abilities of the server, and with requests that use them. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'

export class AbilityOffError extends LimberError {
  readonly code = 'LIMBER_ABILITY_OFF'
  readonly kind: ErrorKind = 'internal'

  constructor(call: string, option: string) {
    super(`${call} was called, and ${option} is not configured.`, {
      hint: `Switch it on in config/http.ts: ${option}.`,
    })
  }
}

export class SessionEndedError extends LimberError {
  readonly code = 'LIMBER_SESSION_ENDED'
  readonly kind: ErrorKind = 'internal'

  constructor() {
    super('The session was used after destroy().', {
      hint: 'Read what you need before, and begin a new session with the next request.',
    })
  }
}

export class InvalidCsrfTokenError extends LimberError {
  readonly code = 'LIMBER_INVALID_CSRF_TOKEN'
  readonly kind: ErrorKind = 'forbidden'

  constructor(cause: Error) {
    super('The request does not carry the CSRF token of this client.', {
      hint: 'Load the page again, and send its token in the header x-csrf-token or the field _csrf.',
      cause,
    })
  }
}

export class UploadLimitError extends LimberError {
  readonly code = 'LIMBER_UPLOAD_LIMIT'
  readonly kind: ErrorKind = 'too-large'

  constructor(excess: string, cause?: Error) {
    super(`The upload is larger than this server accepts. ${excess}`, { hint: 'Send less at once.', cause })
  }
}

export class UploadsReadError extends LimberError {
  readonly code = 'LIMBER_UPLOADS_READ'
  readonly kind: ErrorKind = 'internal'

  constructor() {
    super('uploadsOf() was called twice for one request, and what has arrived passes by once.', {
      hint: 'Keep what the first loop has read.',
    })
  }
}
