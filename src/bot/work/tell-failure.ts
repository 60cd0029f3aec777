/** @module Logs what became of an update, whatever was thrown: code of others may throw things that nobody can look at. */
import type { Log } from '../../application/log.ts'
import { UpdateHandledError } from '../../application/update-stores/errors.ts'
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'
import { messageOf } from '../../support/message-of.ts'

/** What is no fault of the application. */
const OF_USERS: ReadonlySet<ErrorKind> = new Set([
  'malformed',
  'invalid',
  'unauthenticated',
  'forbidden',
  'not-found',
  'conflict',
  'too-large',
  'unsupported',
  'too-many',
])

/** What users bring about is told at the level `info`. */
export function tellFailure(log: Log, error: unknown, facts: object): void {
  const level = error instanceof LimberError && OF_USERS.has(error.kind) ? 'info' : 'error'
  try {
    log[level]({ ...facts, err: error }, `bot: an update failed: ${messageOf(error)}`)
  } catch {
    // Its getters, or its text, are code of others that may throw.
    log.error(facts, 'bot: an update failed of something that cannot be shown')
  }
}

/** Whether it may work later: nothing is kept then, and the update comes again. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof LimberError && error.kind === 'unavailable'
}

/** Whether others changed the same data at the same time: the whole unit of work is repeated. */
export function isConflict(error: unknown): boolean {
  return error instanceof LimberError && error.code === 'LIMBER_TRANSACTION_CONFLICT'
}

/** Whether another one had handled the update before: also below the error of the commit. */
export function isUpdateHandled(error: unknown, depth = 0): boolean {
  if (error instanceof UpdateHandledError) return true
  return error instanceof Error && depth < 5 && isUpdateHandled(error.cause, depth + 1)
}
