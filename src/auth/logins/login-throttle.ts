/** @module Counts how often somebody tries to log in, outside of the unit of work, which a refusal rolls back. */
import type { RateLimit, RateLimiter } from '../../application/ports/rate-limiter.ts'
import { addressGroup } from '../../support/address-group.ts'
import { Hasher } from '../hash/hasher.ts'
import { LONGEST_LOGIN, type LoginLimits, limitOfAddress } from './login-limits.ts'

const sha256 = new Hasher('sha256')

export class LoginThrottle {
  readonly #limiter: RateLimiter
  readonly #limits: LoginLimits
  readonly #byLogin: string
  readonly #byAddress: string | undefined

  /** @param address undefined where nobody knows it, as in a command: then only logins are counted */
  constructor(limiter: RateLimiter, limits: LoginLimits, login: string, address: string | undefined) {
    this.#limiter = limiter
    this.#limits = limits
    const network = address === undefined ? undefined : addressGroup(address)
    this.#byLogin = `login:${digestOf(login, network)}`
    this.#byAddress = network === undefined ? undefined : `login:${network}`
  }

  /** Counts a try before it is made, so that none slips through of those that come at once. */
  async take(): Promise<void> {
    if (this.#byAddress !== undefined) await this.#limiter.consume(this.#byAddress, this.#addressLimit)
    await this.#limiter.consume(this.#byLogin, this.#limits)
  }

  /** Forgets the tries of who has succeeded. */
  async forgive(): Promise<void> {
    await this.#limiter.clear(this.#byLogin)
    if (this.#byAddress !== undefined) await this.#limiter.refund(this.#byAddress, this.#addressLimit)
  }

  get #addressLimit(): RateLimit {
    return limitOfAddress(this.#limits)
  }
}

/** Databases find a login in other letters as well; and whoever reads the counters learns none. */
function digestOf(login: string, network = 'nowhere'): string {
  // Text of any length would take long to normalise, and no more of it can find anybody.
  const small = login
    .slice(0, LONGEST_LOGIN + 1)
    .trim()
    .toLowerCase()
  const letters = small.normalize('NFKC').trim().toLowerCase()
  return sha256.digest(`${network} ${letters}`)
}
