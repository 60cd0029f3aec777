/** @module Translates what was thrown into an error with a code and a kind. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'
import { InvalidCsrfTokenError } from '../plugins/errors.ts'
import {
  BodyTooLargeError,
  HandlerTimeoutError,
  MalformedBodyError,
  MalformedUrlError,
  RequestRefusedError,
  UnexpectedError,
  UnsupportedMediaTypeError,
} from './request-errors.ts'
import { kindOf } from './status-of.ts'
import { UnspeakableError } from './unspeakable-error.ts'

/**
 * Fastify and its plugins put the status they mean on the error; nothing else of them is known to us. A status on any
 * other error is that of somebody else's reply.
 */
export function toLimberError(error: unknown): LimberError {
  if (error instanceof LimberError) return error
  try {
    return translate(error)
  } catch {
    // Looking at it runs code of others, which may throw, and here nobody is left to catch that.
    return new UnexpectedError(new UnspeakableError())
  }
}

function translate(error: unknown): LimberError {
  if (!isOfFastify(error)) return new UnexpectedError(error)
  const { code, statusCode: status = 500 } = error
  if (code === 'FST_ERR_HANDLER_TIMEOUT') return new HandlerTimeoutError(error)
  if (status < 400 || status > 499) return new UnexpectedError(error)
  if (code === 'FST_ERR_BAD_URL') return new MalformedUrlError(error)
  if (code.startsWith('FST_CSRF_')) return new InvalidCsrfTokenError(error)
  if (code === 'FST_CP_ERR_INVALID_CONTENT_ENCODING') {
    const hint = 'Send it as it is, or compressed with gzip.'
    return new UnsupportedMediaTypeError('nothing here undoes its compression.', hint, error)
  }
  if (status === 413) return new BodyTooLargeError(error)
  if (status === 415) {
    const hint = 'Send JSON, with the header content-type: application/json.'
    return new UnsupportedMediaTypeError('no parser takes its content type.', hint, error)
  }
  if (code.startsWith('FST_ERR_CTP') || code.startsWith('FST_CP_'))
    return new MalformedBodyError(error.message, error)
  const kind: ErrorKind = kindOf(status)
  return new RequestRefusedError(status, kind, error, error.headers)
}

interface ErrorOfFastify extends Error {
  readonly code: string
  readonly statusCode?: number
  /** What Fastify would send along, such as retry-after. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Whether Fastify made it, or a plugin with the class that Fastify's own errors have, which nothing else marks. */
function isOfFastify(error: unknown): error is ErrorOfFastify {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return false
  if ('statusCode' in error && typeof error.statusCode !== 'number') return false
  return error.name === 'FastifyError' || error.code.startsWith('FST_')
}
