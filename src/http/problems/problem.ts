/** @module What a client is told about an error: RFC 9457 problem details. */
import { STATUS_CODES } from 'node:http'
import type { Application } from '../../application/application.ts'
import type { Fault, LimberError } from '../../errors/limber-error.ts'
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

/** Whether the clients of an application are developers, who are told more. */
export function isOpenTo({ environment }: Pick<Application, 'environment'>): boolean {
  return environment === 'development' || environment === 'test'
}

/**
 * Describes an error. From 500 on, its words are for the log only: they may name what is none of a client's business. Below,
 * an error that has other words for the public keeps its message and its hint to itself.
 *
 * @param isOpen whether clients are developers, who are told everything below 500
 */
export function problemOf(error: LimberError, requestId: string, isOpen: boolean): Problem {
  const status = statusOf(error)
  const title = STATUS_CODES[status] ?? 'Error'
  const problem = { type: 'about:blank', title, status, code: error.code, requestId }
  if (status >= 500) return problem
  const isHidden = !isOpen && error.publicMessage !== undefined
  return {
    ...problem,
    detail: isHidden ? error.publicMessage : error.message,
    ...(!isHidden && error.hint !== undefined && { hint: error.hint }),
    ...(error.faults.length > 0 && { errors: error.faults }),
  }
}
