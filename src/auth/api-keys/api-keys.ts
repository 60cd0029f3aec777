/** @module Issues and finds API keys. */
import type { ApiKeyProvider, StoredApiKey } from '../../application/ports/api-key-provider.ts'
import type { Clock } from '../../application/ports/clock.ts'
import type { CurrentUser } from '../../application/ports/current-user.ts'
import { unguarded } from '../../container/resolution-frame.ts'
import { ApiKeyNotIssuedError } from '../errors.ts'
import { Hasher } from '../hash/hasher.ts'
import { isAbility, newKey, prefixOf } from './key-format.ts'

export interface ApiKeyFacts {
  readonly user: CurrentUser
  /** For people: where the key is used. */
  readonly name: string
  /** What it is good for; `*` is everything. Default: nothing in particular. */
  readonly abilities?: readonly string[]
  /** Default: it does not expire. */
  readonly expiresAt?: Date | undefined
}

export class ApiKeys {
  readonly #store: ApiKeyProvider
  readonly #clock: () => Clock
  /** Enough for what nobody can guess, and cheap. */
  readonly #hasher = new Hasher('sha256')

  constructor(store: ApiKeyProvider, clock: () => Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** Keeps a new key with the unit of work, and gives it: it cannot be had again. @throws {ApiKeyNotIssuedError} */
  async issue(facts: ApiKeyFacts): Promise<string> {
    this.check(facts)
    const { user, name, abilities = [], expiresAt } = facts
    const { key, prefix } = newKey()
    const digest = this.#hasher.digest(key)
    await unguarded(() => this.#store.add({ user, name, abilities, expiresAt, prefix, digest }))
    return key
  }

  /** Looks whether a key may be issued. @throws {ApiKeyNotIssuedError} */
  check({ name, abilities = [], expiresAt }: ApiKeyFacts): void {
    if (name.trim() === '') throw new ApiKeyNotIssuedError('it has no name', 'Say where the key is used.')
    // Not every database takes these.
    if (name.includes('\0') || !name.isWellFormed())
      throw new ApiKeyNotIssuedError(
        'its name has a letter that is none',
        'Give a name that people can read.',
      )
    const strange = abilities.find((ability) => !isAbility(ability))
    if (strange !== undefined) {
      const hint = 'Write abilities without blanks, quotes, commas and backslashes: "orders:write".'
      throw new ApiKeyNotIssuedError(`"${strange}" is no ability`, hint)
    }
    // Written so that a date which is none is refused as well.
    if (expiresAt && !(expiresAt.getTime() > this.#clock().now()))
      throw new ApiKeyNotIssuedError('its end is not in the future', 'Give a later date, or none.')
  }

  /** Gives what is kept of a key; undefined for one that is not good, or no longer. */
  async find(key: string): Promise<StoredApiKey | undefined> {
    const prefix = prefixOf(key)
    if (prefix === undefined) return undefined
    const stored = await unguarded(() => this.#store.find(prefix))
    if (!stored || !this.#hasher.matches(key, stored.digest)) return undefined
    const { expiresAt } = stored
    return expiresAt === undefined || expiresAt.getTime() > this.#clock().now() ? stored : undefined
  }
}
