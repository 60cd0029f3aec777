/** @module Endings: everything is tried, and no error on the way is lost. */

/** Runs the steps one after the other, also after a failure, and gives what they threw. */
export async function attemptAll(steps: Iterable<() => unknown>): Promise<unknown[]> {
  const errors: unknown[] = []
  for (const step of steps) {
    try {
      await step()
    } catch (error) {
      // Several errors thrown as one are told one by one.
      if (error instanceof AggregateError) errors.push(...error.errors)
      else errors.push(error)
    }
  }
  return errors
}

/** Throws what `attemptAll` gave: one error as it is, several as one. */
export function throwAll(errors: readonly unknown[], message: string): void {
  if (errors.length === 1) throw errors[0]
  if (errors.length > 1) throw new AggregateError(errors, message)
}

/**
 * Adds a second failure at the end of the causes of a first one, which matters more.
 *
 * @throws {AggregateError} with both, when the first one is not an error and has no causes
 */
export function attachCause(failure: unknown, second: unknown): void {
  const seen = new Set<Error>()
  let last = failure
  while (last instanceof Error && last.cause !== undefined && !seen.has(last)) {
    seen.add(last)
    last = last.cause
  }
  if (!(last instanceof Error) || last.cause !== undefined || Object.isFrozen(last)) {
    throw new AggregateError([failure, second], `${String(failure)}; then: ${String(second)}`)
  }
  if (last !== second) last.cause = second
}
