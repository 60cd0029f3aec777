/** @module Logs what was thrown, whatever it is: code of others may throw things that nobody can look at. */
import type { Log } from '../../application/log.ts'
import { messageOf } from '../../support/message-of.ts'
import { UnspeakableError } from '../problems/unspeakable-error.ts'

export function logError(log: Log, error: unknown, facts: object): void {
  try {
    log.error({ ...facts, err: error }, messageOf(error))
  } catch {
    // Its getters, or its text, are code of others that may throw.
    const err = new UnspeakableError()
    log.error({ ...facts, err }, err.message)
  }
}
