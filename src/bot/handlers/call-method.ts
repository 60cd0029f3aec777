/** @module Runs a method of what the container has made for an update. */
import type { IncomingUpdate } from '../incoming/incoming-update.ts'
import type { MethodKey } from './method-marks.ts'

/** @throws {TypeError} when there is no such method */
export function callMethod(made: unknown, method: MethodKey, incoming: IncomingUpdate): unknown {
  const call: unknown = Reflect.get(Object(made), method)
  // That it is there was seen when the class was read; a factory may give something else for the class.
  if (typeof call !== 'function') throw new TypeError(`What was made has no method "${String(method)}".`)
  return Reflect.apply(call, made, [incoming])
}
