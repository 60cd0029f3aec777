/** @module The one table between the kinds of errors and the statuses of HTTP. */
import type { ErrorKind, LimberError } from '../../errors/limber-error.ts'
import { HttpError } from './request-errors.ts'

const STATUSES: Readonly<Record<ErrorKind, number>> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  unsupported: 415,
  invalid: 422,
  'too-many': 429,
  internal: 500,
  unavailable: 503,
  timeout: 504,
}

// The names are those of the table above, which has every kind and nothing else.
const KINDS = new Map(Object.entries(STATUSES).map(([kind, status]) => [status, kind as ErrorKind]))

export function statusOf(error: LimberError): number {
  return error instanceof HttpError ? error.status : STATUSES[error.kind]
}

/** The kind that a refusal with this status is nearest to. */
export function kindOf(status: number): ErrorKind {
  return KINDS.get(status) ?? 'malformed'
}
