/** @module Says how two lists of lines differ, for the reader of a counterexample. */
import { expect } from 'vitest'

/** Fails with the lines that only one of them has. */
export function expectSame(what: string, actual: readonly string[], wanted: readonly string[]): void {
  const missing = wanted.filter((line) => !actual.includes(line)).map((line) => `missing ${line}`)
  const extra = actual.filter((line) => !wanted.includes(line)).map((line) => `extra   ${line}`)
  if (missing.length + extra.length > 0) throw new Error([what, ...missing, ...extra].join('\n'))
  expect(actual, what).toEqual(wanted)
}
