/** @module What the cookies of a server are made with, when nothing else is said; kept by server. */
import type { FastifyInstance } from 'fastify'
import type { CookieOptions } from './cookie-options.ts'
import { AbilityOffError } from './errors.ts'

export type CookieDefaults = Omit<CookieOptions, 'expires'> & {
  readonly signed: boolean
  /** Whether there is a secret. */
  readonly canSign: boolean
}

const defaultsOf = new WeakMap<FastifyInstance, CookieDefaults>()

export function setCookieDefaults(server: FastifyInstance, defaults: CookieDefaults): void {
  defaultsOf.set(server, defaults)
}

/** @throws {AbilityOffError} */
export function cookieDefaults(server: FastifyInstance, call: string): CookieDefaults {
  const defaults = defaultsOf.get(server)
  if (!defaults) throw new AbilityOffError(call, '"cookies"')
  return defaults
}
