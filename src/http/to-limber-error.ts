/** @module Translates what was thrown into an error with a code and a kind. */
import { type ErrorKind, LimberError } from '../errors/limber-error.ts'
import {
  BodyTooLargeError,
  MalformedBodyError,
  MalformedUrlError,
  RequestRefusedError,
  UnexpectedError,
  UnsupportedMediaTypeError,
} from './request-errors.ts'
import { kindOf } from './status-of.ts'

/**
 * Fastify and its plugins put the status they mean on the error; nothing else of them is known to us. A status on any
 * other error is that of somebody else's reply.
 */
export function toLimberError(error: unknown): LimberError {
  if (error instanceof LimberError) return error
  if (!isOfFastify(error)) return new UnexpectedError(error)
  const { code, statusCode: status = 500 } = error
  if (code === 'FST_ERR_HANDLER_TIMEOUT') return new RequestRefusedError(504, 'timeout', error)
  if (status < 400 || status > 499) return new UnexpectedError(error)
  if (code === 'FST_ERR_BAD_URL') return new MalformedUrlError(error)
  if (status === 413) return new BodyTooLargeError(error)
  if (status === 415) return new UnsupportedMediaTypeError(error)
  if (code.startsWith('FST_ERR_CTP')) return new MalformedBodyError(error)
  const kind: ErrorKind = kindOf(status)
  return new RequestRefusedError(status, kind, error)
}

interface ErrorOfFastify extends Error {
  readonly code: string
  readonly statusCode?: number
}

/** Whether Fastify made it, or a plugin with the class that Fastify's own errors have, which nothing else marks. */
function isOfFastify(error: unknown): error is ErrorOfFastify {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return false
  if ('statusCode' in error && typeof error.statusCode !== 'number') return false
  return error.name === 'FastifyError' || error.code.startsWith('FST_')
}
