/** @module How services end: in reverse order of their making; every one is tried, all errors are gathered. */
import { attemptAll, throwAll } from '../errors/attempt-all.ts'

export type End = () => unknown

/**
 * Runs the ends, the last one first.
 *
 * @throws {AggregateError} when more than one failed; a single failure is thrown as it is
 */
export async function endAll(ends: readonly End[]): Promise<void> {
  const errors = await attemptAll(ends.toReversed())
  throwAll(errors, `${errors.length} services failed to end.`)
}

/** How a service ends: with the function given where it was bound, or with its own dispose method; most have neither. */
export function endOf(service: unknown, dispose?: (service: unknown) => unknown): End | undefined {
  if (dispose) return () => dispose(service)
  if ((typeof service !== 'object' && typeof service !== 'function') || service === null) return undefined
  if (Symbol.asyncDispose in service) {
    const { [Symbol.asyncDispose]: end } = service
    if (typeof end === 'function') return () => end.call(service)
  }
  if (Symbol.dispose in service) {
    const { [Symbol.dispose]: end } = service
    if (typeof end === 'function') return () => end.call(service)
  }
  return undefined
}
