/** @module Reads and writes hashes in the PHC string format: `$argon2id$v=19$m=19456,t=2,p=1$salt$digest`. */
import type { Argon2Algorithm } from 'node:crypto'
import { MalformedHashError } from './errors.ts'
import { type Cost, MEMORY_OF_LANE } from './hash-config.ts'

/** A hash in its parts. */
export interface StoredHash {
  readonly algorithm: Argon2Algorithm
  readonly cost: Cost
  readonly salt: Uint8Array
  readonly digest: Uint8Array
}

const NUMBER = '([1-9]\\d{0,9})'
// Salts of 8 to 64 bytes and digests of 16 to 64, without padding.
const FORMAT = new RegExp(
  `^\\$(argon2id|argon2i|argon2d)\\$v=19\\$m=${NUMBER},t=${NUMBER},p=${NUMBER}\\$([A-Za-z\\d+/]{11,86})\\$([A-Za-z\\d+/]{22,86})$`,
)
/** Longer than any hash that is read. */
const LONGEST = 256

/** @param ceiling what the hash may cost @throws {MalformedHashError} */
export function readHash(text: string, ceiling: Cost): StoredHash {
  const parts = typeof text === 'string' && text.length <= LONGEST ? FORMAT.exec(text) : null
  if (!parts) throw new MalformedHashError('it is not of the form $argon2id$v=19$m=…,t=…,p=…$salt$digest')
  const [, algorithm, memory, passes, parallelism, salt = '', digest = ''] = parts
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }
  refuseCost(cost, ceiling)
  // The expression has no other words at this place.
  return { algorithm: algorithm as Argon2Algorithm, cost, salt: fromBase64(salt), digest: fromBase64(digest) }
}

export function writeHash({ algorithm, cost, salt, digest }: StoredHash): string {
  const { memory, passes, parallelism } = cost
  return `$${algorithm}$v=19$m=${memory},t=${passes},p=${parallelism}$${toBase64(salt)}$${toBase64(digest)}`
}

function refuseCost(cost: Cost, ceiling: Cost): void {
  for (const name of ['memory', 'passes', 'parallelism'] as const) {
    if (cost[name] <= ceiling[name]) continue
    throw new MalformedHashError(`its ${name} is ${cost[name]}, and at most ${ceiling[name]} is computed`)
  }
  if (cost.memory >= MEMORY_OF_LANE * cost.parallelism) return
  throw new MalformedHashError(`${cost.memory} KiB are too few for its ${cost.parallelism} lanes`)
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}

function fromBase64(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64')
  if (toBase64(bytes) === text) return bytes
  throw new MalformedHashError('its salt or its digest is not base64')
}
