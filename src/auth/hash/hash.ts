/** @module Hashes passwords with argon2id, which makes guessing them expensive. */
import {
  type Argon2Algorithm,
  type Argon2Parameters,
  argon2,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import { promisify } from 'node:util'
import { CEILING, type Cost, costOf, type HashConfig } from './hash-config.ts'
import { readablePassword, requirePassword } from './password.ts'
import { readHash, type StoredHash, writeHash } from './phc.ts'
import { Turns } from './turns.ts'

const compute: (algorithm: Argon2Algorithm, parameters: Argon2Parameters) => Promise<Buffer> =
  promisify(argon2)

const SALT_BYTES = 16
const DIGEST_BYTES = 32

/**
 * Makes and checks hashes of passwords. They are strings in PHC format, which other argon2 libraries read as well.
 *
 * @example
 * ```ts
 * import { Hash } from 'limber/auth'
 *
 * const hash = new Hash()
 * const stored = await hash.make('correct horse battery staple')
 * await hash.check('correct horse', stored) // false
 * ```
 */
export class Hash {
  readonly #cost: Cost
  readonly #ceiling: Cost
  readonly #turns: Turns

  /** @throws {InvalidHashOptionError} */
  constructor(config: HashConfig = {}) {
    const { concurrency, ...cost } = costOf(config)
    this.#cost = cost
    this.#ceiling = {
      memory: Math.max(cost.memory, CEILING.memory),
      passes: Math.max(cost.passes, CEILING.passes),
      parallelism: Math.max(cost.parallelism, CEILING.parallelism),
    }
    this.#turns = new Turns(concurrency)
  }

  /**
   * Hashes a password with a new salt.
   *
   * @throws {InvalidPasswordError} for one that is empty, longer than 4,096 bytes, or no text
   */
  async make(password: string): Promise<string> {
    const message = requirePassword(password)
    const made = { algorithm: 'argon2id', cost: this.#cost, salt: randomBytes(SALT_BYTES) } as const
    return writeHash({ ...made, digest: await this.#digest(message, { ...made, length: DIGEST_BYTES }) })
  }

  /**
   * Says whether a hash is that of a password. What no password can be, is never the right one.
   *
   * @throws {MalformedHashError} when the hash is none, or costs more than is computed
   */
  async check(password: string, hash: string): Promise<boolean> {
    const stored = readHash(hash, this.#ceiling)
    const message = readablePassword(password)
    if (typeof message !== 'object') return false
    const digest = await this.#digest(message, { ...stored, length: stored.digest.length })
    return timingSafeEqual(digest, stored.digest)
  }

  /**
   * Says whether a hash costs less than the configuration asks, so that the password should be hashed anew after it was checked.
   *
   * @throws {MalformedHashError}
   */
  needsRehash(hash: string): boolean {
    const { algorithm, cost, salt, digest } = readHash(hash, this.#ceiling)
    const isBelow = (['memory', 'passes', 'parallelism'] as const).some(
      (name) => cost[name] < this.#cost[name],
    )
    return isBelow || algorithm !== 'argon2id' || salt.length < SALT_BYTES || digest.length < DIGEST_BYTES
  }

  /** Takes as long as a check, so that clients cannot tell a user who does not exist from a wrong password. */
  async pretend(password: string): Promise<void> {
    const message = readablePassword(password)
    if (typeof message !== 'object') return
    const salt = Buffer.alloc(SALT_BYTES)
    await this.#digest(message, { algorithm: 'argon2id', cost: this.#cost, salt, length: DIGEST_BYTES })
  }

  #digest(
    message: Uint8Array,
    how: Omit<StoredHash, 'digest'> & { readonly length: number },
  ): Promise<Buffer> {
    const { algorithm, cost, salt: nonce, length: tagLength } = how
    return this.#turns.take(() => compute(algorithm, { ...cost, message, nonce, tagLength }))
  }
}
