/** @module Users and API keys that are kept in memory, behind the ports that applications implement. */
import {
  type ApiKeyProvider,
  type CurrentUser,
  LimberError,
  type NewApiKey,
  type RateLimit,
  type RateLimiter,
  type RateState,
  type UserId,
  type UserProvider,
} from 'limber'
import { Hash } from 'limber/auth'

/** Cheap, so that tests are. */
export const CHEAP = { memory: 64, passes: 1 }

export class Member {
  readonly id: number
  readonly email: string
  isAdmin = false
  /** What it was read in, to tell one session from another. */
  readonly readBy: string
  passwordHash: string | undefined

  constructor(facts: Pick<Member, 'id' | 'email' | 'passwordHash'>, readBy = '') {
    this.id = facts.id
    this.email = facts.email
    this.passwordHash = facts.passwordHash
    this.readBy = readBy
  }
}

/** Every question gives an object of its own, as sessions of a database do. */
export class Members implements UserProvider {
  readonly rows = new Map<number, Pick<Member, 'id' | 'email' | 'passwordHash'>>()
  readonly asked: string[] = []

  async add(id: number, email: string, password?: string, cost = CHEAP): Promise<void> {
    const passwordHash = password === undefined ? undefined : await new Hash(cost).make(password)
    this.rows.set(id, { id, email, passwordHash })
  }

  idOf(user: CurrentUser): UserId {
    return memberOf(user).id
  }

  async findById(id: UserId) {
    this.asked.push(`id ${id}`)
    const row = this.rows.get(Number(id))
    return row && userOf(new Member(row, 'id'))
  }

  async findByLogin(login: string) {
    this.asked.push(`login ${login}`)
    const row = [...this.rows.values()].find(({ email }) => email === login)
    return row && userOf(new Member(row, 'login'))
  }

  passwordHashOf(user: CurrentUser) {
    return memberOf(user).passwordHash
  }

  changePasswordHash(user: CurrentUser, passwordHash: string) {
    const member = memberOf(user)
    const { id, email } = member
    member.passwordHash = passwordHash
    this.rows.set(id, { id, email, passwordHash })
  }
}

export class Keys implements ApiKeyProvider {
  readonly rows: NewApiKey[] = []
  readonly asked: string[] = []

  async find(prefix: string) {
    this.asked.push(prefix)
    return this.rows.find((row) => row.prefix === prefix)
  }

  add(key: NewApiKey) {
    this.rows.push(key)
  }
}

export class TooOftenError extends LimberError {
  readonly code = 'TEST_TOO_OFTEN'
  readonly kind = 'too-many'

  constructor(retryAfter: number) {
    super('That was too often.', { headers: { 'retry-after': String(Math.ceil(retryAfter / 1_000)) } })
  }
}

/** Counts in windows, by a clock. */
export class CountingLimiter implements RateLimiter {
  readonly counts = new Map<string, { count: number; resetAt: number }>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  async hit(key: string, { max, window }: RateLimit): Promise<RateState> {
    const found = this.counts.get(key)
    const entry = found && found.resetAt > this.#now() ? found : { count: 0, resetAt: this.#now() + window }
    entry.count += 1
    this.counts.set(key, entry)
    const { count, resetAt } = entry
    return { max, remaining: Math.max(0, max - count), resetAt, isExceeded: count > max }
  }

  async consume(key: string, limit: RateLimit): Promise<RateState> {
    const state = await this.hit(key, limit)
    if (state.isExceeded) throw new TooOftenError(state.resetAt - this.#now())
    return state
  }

  async peek(key: string, limit: RateLimit): Promise<RateState> {
    const { count = 0, resetAt = this.#now() + limit.window } = this.counts.get(key) ?? {}
    return {
      max: limit.max,
      remaining: Math.max(0, limit.max - count),
      resetAt,
      isExceeded: count > limit.max,
    }
  }

  async refund(key: string): Promise<void> {
    const found = this.counts.get(key)
    if (found) found.count -= 1
  }

  async clear(key: string): Promise<void> {
    this.counts.delete(key)
  }
}

/** The program of the tests has one type of users, that of the skeleton. */
export function userOf(member: Member): CurrentUser {
  // What is tested here takes users for objects, and leaves the rest to their provider.
  return member as object as CurrentUser
}

export function memberOf(user: object | undefined): Member {
  if (user instanceof Member) return user
  throw new TypeError('This is no member.')
}
