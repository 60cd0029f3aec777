/** @module Secrets of the configuration: what they must be, checked when the application starts. They are never shown. */
import type { Fault } from '../errors/limber-error.ts'

/** One secret, or several: the first one signs, and all of them are accepted, so that they can be replaced one by one. */
export type Secrets = string | readonly string[]

/** In characters. */
export const SHORTEST_SECRET = 32

const ADVICE =
  'Make one with: node -p "crypto.randomBytes(32).toString(\'base64url\')", and read it from the environment.'

export function secretsOf(secrets: Secrets): string[] {
  return typeof secrets === 'string' ? [secrets] : [...secrets]
}

/** Says of each secret that could be guessed. */
export function faultsOfSecrets(path: string, secrets: Secrets): Fault[] {
  const list = secretsOf(secrets)
  if (list.length === 0) return [{ path, message: `There is no secret. ${ADVICE}` }]
  return list.flatMap((secret, index) => {
    const length = typeof secret === 'string' ? secret.length : 0
    if (length >= SHORTEST_SECRET) return []
    const short = `Secret ${index + 1} has ${length} characters, and ${SHORTEST_SECRET} are the least.`
    return [{ path, message: `${short} ${ADVICE}` }]
  })
}
