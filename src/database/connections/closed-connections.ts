/** @module Which connections are closed for good: the ORM would open one again for whoever still has a session of it. */
import { ConnectionClosedError } from '../modules/errors.ts'

/** By the configuration that a connection shares with its sessions. */
const names = new WeakMap<object, string>()

export function noteClosed(config: object, name: string): void {
  names.set(config, name)
}

/** The error of a connection that is closed; undefined for every other. */
export function closedError(config: object, cause?: unknown): ConnectionClosedError | undefined {
  const name = names.get(config)
  return name === undefined ? undefined : new ConnectionClosedError(name, cause)
}

/** @throws {ConnectionClosedError} */
export function refuseClosed(config: object): void {
  const error = closedError(config)
  if (error) throw error
}
