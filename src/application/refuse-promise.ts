/** @module Refuses a `register()` that is asynchronous. */

/** A type checker lets an async method stand where one without a result is expected. */
export function refusePromise(result: unknown): void {
  if (!(result instanceof Promise)) return
  result.catch(() => undefined)
  throw new TypeError('it is asynchronous, and nobody would await it; move what it awaits into boot().')
}
