/** @module What the shell is told: the exit code of the `limber` binary for each kind of failure. */
import { type ErrorKind, LimberError } from '../errors/limber-error.ts'

/** Every exit code of Limber's own; a command may return others. A signal that ends the process gives 128 plus its number. */
export const exitCodes = {
  ok: 0,
  /** A bug, or a failure of no other kind. */
  failure: 1,
  /** Malformed or invalid input: an unknown command or option, a wrong value, a faulty configuration. */
  usage: 2,
  /** What was asked for is not there. */
  notFound: 3,
  /** It contradicts what is there. */
  conflict: 4,
  /** Something it depends on does not answer, or not in time. */
  unavailable: 5,
} as const

const OF_KIND: Partial<Record<ErrorKind, number>> = {
  malformed: exitCodes.usage,
  invalid: exitCodes.usage,
  'not-found': exitCodes.notFound,
  conflict: exitCodes.conflict,
  unavailable: exitCodes.unavailable,
  timeout: exitCodes.unavailable,
}

/**
 * Gives the exit code for what was thrown.
 *
 * @example
 * ```ts
 * import { exitCodeOf } from 'limber/console'
 *
 * exitCodeOf(new Error('a bug')) // 1
 * ```
 */
export function exitCodeOf(error: unknown): number {
  return (error instanceof LimberError ? OF_KIND[error.kind] : undefined) ?? exitCodes.failure
}
