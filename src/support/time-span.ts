/** @module How long a lock or the window of a limit may be. */

/** In milliseconds. */
const YEAR = 366 * 86_400_000

/** What messages call it. */
export const TIME_SPAN = 'a whole number of milliseconds, above zero and up to a year'

export function isTimeSpan(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0 && value <= YEAR
}
