/** @module Counts how often somebody tries to log in, outside of the unit of work, which a refusal rolls back. */
import type { RateLimiter } from '../../application/ports/rate-limiter.ts'
import { addressGroup } from '../../support/address-group.ts'
import { Hasher } from '../hash/hasher.ts'
import { type LoginLimits, limitOfAddress } from './login-limits.ts'

const sha256 = new Hasher('sha256')

export class LoginThrottle {
  readonly #limiter: RateLimiter
  readonly #limits: LoginLimits
  readonly #byLogin: string
  readonly #byAddress: string

  /** @param address undefined where nobody knows it, as in a command */
  constructor(limiter: RateLimiter, limits: LoginLimits, login: string, address = 'nowhere') {
    this.#limiter = limiter
    this.#limits = limits
    const network = addressGroup(address)
    // Databases find a login in other letters as well; and whoever reads the counters learns none.
    const digest = sha256.digest(`${network} ${login.normalize('NFKC').trim().toLowerCase()}`)
    this.#byLogin = `login:${digest}`
    this.#byAddress = `login:${network}`
  }

  /** Counts a try before it is made, so that none slips through of those that come at once. */
  async take(): Promise<void> {
    await this.#limiter.consume(this.#byAddress, limitOfAddress(this.#limits))
    await this.#limiter.consume(this.#byLogin, this.#limits)
  }

  /** Forgets the tries of who has succeeded. */
  async forgive(): Promise<void> {
    await this.#limiter.clear(this.#byLogin)
    await this.#limiter.refund(this.#byAddress, limitOfAddress(this.#limits))
  }
}
