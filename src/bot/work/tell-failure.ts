/** @module Logs what became of an update, whatever was thrown: code of others may throw things that nobody can look at. */
import type { Log } from '../../application/log.ts'
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
