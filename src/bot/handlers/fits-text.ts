/** @module Whether a text is what a pattern asks for. */
import type { TextPattern } from './handler-options.ts'

/** A text is compared as a whole, an expression has to match somewhere, and of a list one is enough. */
export function fitsText(pattern: TextPattern, text: string | undefined): boolean {
  if (text === undefined) return false
  const patterns = typeof pattern === 'string' || pattern instanceof RegExp ? [pattern] : pattern
  // Unlike test(), search() begins at the start also when the expression has g or y.
  return patterns.some((each) => (typeof each === 'string' ? each === text : text.search(each) >= 0))
}
