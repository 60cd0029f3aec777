/** @module Repeats a whole unit of work that met another one, after a pause of its own length. */
import { setTimeout as pause } from 'node:timers/promises'
import { RetriesExhaustedError, TransactionConflictError } from './transaction-errors.ts'

const FIRST_PAUSE = 10
const LONGEST_PAUSE = 1_000

/**
 * Runs a function that does a whole unit of work, and again when the database ended it because of another one.
 *
 * @param retry how often at most
 * @throws {RetriesExhaustedError} with the last error and the number of tries; any other error as it is
 */
export async function repeat<T>(work: () => Promise<T>, retry = 0): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (retry === 0 || !(error instanceof TransactionConflictError)) throw error
      if (tries > retry) throw new RetriesExhaustedError(tries, error)
    }
    // Of random length, so that two that met do not meet again.
    await pause(Math.random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** tries))
  }
}
