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

/** Fastify and its plugins put the status they mean on the error; nothing else of them is known to us. */
export function toLimberError(error: unknown): LimberError {
  if (error instanceof LimberError) return error
  if (!(error instanceof Error)) return new UnexpectedError(error)
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code === 'FST_ERR_HANDLER_TIMEOUT') return new RequestRefusedError(504, 'timeout', error)
  if (status < 400 || status > 499) return new UnexpectedError(error)
  if (code === 'FST_ERR_BAD_URL') return new MalformedUrlError(error)
  if (status === 413) return new BodyTooLargeError(error)
  if (status === 415) return new UnsupportedMediaTypeError(error)
  // The parser's refusal of __proto__ has no code of Fastify's.
  if (code.startsWith('FST_ERR_CTP') || error instanceof SyntaxError) return new MalformedBodyError(error)
  const kind: ErrorKind = kindOf(status)
  return new RequestRefusedError(status, kind, error)
}
