/** @module Learns of an error that nobody handled, so that a server can still finish what is in flight. */

const EVENTS = ['unhandledRejection', 'uncaughtException'] as const

/**
 * Waits for the first error that nobody handles, such as the rejection of a promise that was not awaited. From then on
 * Node goes on as if it had been handled: whoever waits for this stops the application.
 *
 * @example
 * ```ts
 * import { unhandledFault } from 'limber/console'
 *
 * const fault = await unhandledFault()
 * console.error('Stopping, since nobody handled', fault)
 * ```
 */
export function unhandledFault(): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>()
  for (const event of EVENTS) process.on(event, resolve)
  return promise
}
