/** @module Adds to a count that is kept as its digits. */
import { CountOutOfRangeError, NotACountError } from './errors.ts'

/**
 * @param text what is kept; undefined: nothing
 * @throws {NotACountError} @throws {CountOutOfRangeError}
 */
export function addToCount(key: string, text: string | undefined, by: number): number {
  if (text !== undefined && !/^(?:0|-?[1-9]\d*)$/.test(text)) throw new NotACountError(key)
  const before = Number(text ?? 0)
  const count = before + by
  if (!Number.isSafeInteger(before) || !Number.isSafeInteger(by) || !Number.isSafeInteger(count)) {
    throw new CountOutOfRangeError(key, by)
  }
  return count
}
