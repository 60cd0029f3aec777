/** @module The code of an error of Node, such as `ENOENT`. */

/** Gives undefined for what is no error, and for errors without a code. */
export function codeOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
  return typeof code === 'string' ? code : undefined
}
