/** @module Imports a package that only some applications need. */
import { codeOf } from './code-of.ts'

/**
 * Gives what `load` imports.
 *
 * @param explain makes the error for an application in which the package is not installed
 * @throws what `explain` makes, and whatever else goes wrong as it is
 */
export async function loadPackage<T>(
  name: string,
  load: () => Promise<T>,
  explain: (cause: Error) => Error,
): Promise<T> {
  try {
    return await load()
  } catch (error) {
    // Only this package: one that it needs in turn, or a fault inside, is told as it is.
    const isMissing =
      error instanceof Error &&
      codeOf(error) === 'ERR_MODULE_NOT_FOUND' &&
      error.message.includes(`'${name}'`)
    throw isMissing ? explain(error) : error
  }
}
