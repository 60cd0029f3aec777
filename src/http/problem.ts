/** @module What a client is told about an error: RFC 9457 problem details. */
import { STATUS_CODES } from 'node:http'
import type { Fault, LimberError } from '../errors/limber-error.ts'
import { statusOf } from './status-of.ts'

export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
  /** The same as in the log. */
  readonly requestId: string
  readonly detail?: string
  readonly hint?: string
  readonly errors?: readonly Fault[]
}

/** Describes an error. From 500 on, its words are for the log only: they may name what is none of a client's business. */
export function problemOf(error: LimberError, requestId: string): Problem {
  const status = statusOf(error)
  const title = STATUS_CODES[status] ?? 'Error'
  const problem = { type: 'about:blank', title, status, code: error.code, requestId }
  if (status >= 500) return problem
  return {
    ...problem,
    detail: error.message,
    ...(error.hint !== undefined && { hint: error.hint }),
    ...(error.faults.length > 0 && { errors: error.faults }),
  }
}
