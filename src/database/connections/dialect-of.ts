/** @module Which dialect the sessions of a connection speak: they share its configuration. */
import type { Dialect } from './driver.ts'

const dialects = new WeakMap<object, Dialect>()

export function noteDialect(config: object, dialect: Dialect): void {
  dialects.set(config, dialect)
}

export function dialectOf(config: object): Dialect | undefined {
  return dialects.get(config)
}
