/** @module Digests of values that nobody can guess, such as tokens. Passwords need `Hash`. */
import { createHash, getHashes, type HashOptions, timingSafeEqual } from 'node:crypto'
import { suggest } from '../../support/suggest.ts'
import { UnknownDigestError } from './errors.ts'

/**
 * Makes digests, and compares them without telling by the time it takes how much of one was right.
 *
 * @example
 * ```ts
 * import { Hasher } from 'limber/auth'
 *
 * const sha256 = new Hasher('sha256')
 * const digest = sha256.digest('a token of 32 random bytes')
 * sha256.matches('another token', digest) // false
 * ```
 */
export class Hasher {
  readonly algorithm: string

  /**
   * @param algorithm one that `crypto.getHashes()` lists
   * @throws {UnknownDigestError}
   */
  constructor(algorithm: string) {
    const known = getHashes()
    const name = String(algorithm).toLowerCase()
    if (!known.some((other) => other.toLowerCase() === name)) {
      throw new UnknownDigestError(String(algorithm), suggest(name, known))
    }
    this.algorithm = algorithm
  }

  /** Gives the digest in hexadecimal digits; texts are digested as UTF-8. */
  digest(value: string | Uint8Array): string {
    return createHash(this.algorithm, lengthOf(this.algorithm)).update(value).digest('hex')
  }

  /** Says whether a digest in hexadecimal digits is that of a value. */
  matches(value: string | Uint8Array, digest: string): boolean {
    const expected = Buffer.from(this.digest(value))
    const given = Buffer.from(digest.toLowerCase())
    return given.length === expected.length && timingSafeEqual(given, expected)
  }
}

/** Two of them have no length of their own: RFC 8702 gives them the one that makes them as strong as their names say. */
function lengthOf(algorithm: string): HashOptions | undefined {
  const [, bits] = /^shake-?(128|256)$/i.exec(algorithm) ?? []
  return bits === undefined ? undefined : { outputLength: Number(bits) / 4 }
}
