/** @module Texts on Memcached servers, changed by compare-and-swap. */
import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { addToCount } from '../../application/cache-stores/add-to-count.ts'
import { isOver } from '../../application/cache-stores/clocked-store.ts'
import { CacheUnavailableError } from '../../application/cache-stores/errors.ts'
import type { StoreBackend } from '../../application/cache-stores/store-backend.ts'
import type { StoredCount, StoredText } from '../../application/ports/cache-store.ts'
import { boundOf, decodeEntry, encodeEntry } from './encoded-entry.ts'
import type { MemcachedServers } from './memcached-servers.ts'

/** How often a change is tried while others change the same key. */
const ATTEMPTS = 500
/** In milliseconds: those who lost wait for different times. */
const JITTER = 10
/** Longer times would be taken for dates: those are bounded by the memory of the server alone. */
const MONTH = 30 * 86_400

export class MemcachedBackend implements StoreBackend {
  readonly #servers: MemcachedServers
  readonly #name: string
  /** The last change of each key that is being changed. */
  readonly #turns = new Map<string, Promise<void>>()

  constructor(servers: MemcachedServers, name: string) {
    this.#servers = servers
    this.#name = name
  }

  async get(keys: readonly string[]): Promise<(StoredText | undefined)[]> {
    const generations = await this.#servers.get(keys.map(generationKey))
    const hashed = keys.map((key) => {
      const generation = generations.get(generationKey(key))
      return generation === undefined ? undefined : hash(generation + key)
    })
    const found = await this.#servers.get(hashed.filter((key) => key !== undefined))
    return hashed.map((key) => {
      const value = key === undefined ? undefined : found.get(key)
      return value === undefined ? undefined : decodeEntry(value)
    })
  }

  async set(key: string, entry: StoredText, now: number): Promise<void> {
    const hashed = await this.#hashed(key)
    const seconds = secondsOf(entry, now)
    await this.#servers.store(hashed, { how: 'set', title: key, value: encodeEntry(entry), seconds })
  }

  async replace(
    key: string,
    expected: string | undefined,
    entry: StoredText | undefined,
    now: number,
  ): Promise<boolean> {
    return this.#change(key, now, (found) =>
      found?.text === expected ? { entry, result: true } : { result: false },
    )
  }

  async increment(key: string, by: number, expiresAt: number | undefined, now: number): Promise<StoredCount> {
    return this.#change(key, now, (found) => {
      const count = addToCount(key, found?.text, by)
      const end = found ? found.expiresAt : expiresAt
      return { entry: { text: String(count), expiresAt: end }, result: { count, expiresAt: end } }
    })
  }

  async delete(keys: readonly string[]): Promise<void> {
    const generations = await this.#servers.get(keys.map(generationKey))
    const deleted = keys.map(async (key) => {
      const generation = generations.get(generationKey(key))
      if (generation !== undefined) await this.#servers.delete(hash(generation + key))
    })
    await Promise.all(deleted)
  }

  /** What was kept in the generation before is not found any more, and makes room in time. */
  async clear(beginning: string): Promise<void> {
    await this.#servers.store(generationKey(beginning), {
      how: 'set',
      title: beginning,
      value: newGeneration(),
    })
  }

  ping(): Promise<void> {
    return this.#servers.ping()
  }

  close(): Promise<void> {
    return this.#servers.close()
  }

  /** One after the other in this process, so that only processes compete. */
  #change<T>(key: string, now: number, decide: (found: StoredText | undefined) => Change<T>): Promise<T> {
    const changing = (this.#turns.get(key) ?? Promise.resolve()).then(() => this.#compete(key, now, decide))
    const turn = changing.then(
      () => undefined,
      () => undefined,
    )
    this.#turns.set(key, turn)
    void turn.then(() => this.#turns.get(key) === turn && this.#turns.delete(key))
    return changing
  }

  /** Asks again and again what to do with what is there, until nobody was faster. */
  async #compete<T>(
    key: string,
    now: number,
    decide: (found: StoredText | undefined) => Change<T>,
  ): Promise<T> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const hashed = await this.#hashed(key)
      const { value, token } = await this.#servers.getVersioned(hashed)
      const found = value === undefined ? undefined : decodeEntry(value)
      const change = decide(found && !isOver(found.expiresAt, now) ? found : undefined)
      if (!('entry' in change) || (await this.#put(key, hashed, change.entry, token, now)))
        return change.result
      await wait(Math.random() * JITTER)
    }
    const reason = new Error('too many others change the same key.')
    throw new CacheUnavailableError(this.#name, 'memcached:', reason, 'Change this key less often at once.')
  }

  async #put(
    key: string,
    hashed: string,
    entry: StoredText | undefined,
    token: string | undefined,
    now: number,
  ) {
    if (!entry) return token === undefined || this.#servers.delete(hashed, token)
    const how = token === undefined ? 'add' : 'cas'
    const value = encodeEntry(entry)
    return this.#servers.store(hashed, { how, title: key, value, seconds: secondsOf(entry, now), token })
  }

  /** The server may have evicted the generation: then a new one begins, and never an old one. */
  async #hashed(key: string): Promise<string> {
    const place = generationKey(key)
    for (;;) {
      const generation = (await this.#servers.get([place])).get(place)
      if (generation !== undefined) return hash(generation + key)
      const fresh = newGeneration()
      if (await this.#servers.store(place, { how: 'add', title: key, value: fresh })) return hash(fresh + key)
    }
  }
}

/** Without `entry` nothing is changed; an entry that is undefined is deleted. */
type Change<T> = { readonly result: T } | { readonly entry: StoredText | undefined; readonly result: T }

/** Keys of any length and letters become short ones. */
function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

/** Where the generation of a namespace is kept; a key begins with the prefix and the namespace, each with a colon. */
function generationKey(key: string): string {
  const end = key.indexOf(':', key.indexOf(':') + 1)
  return hash(`generation of ${key.slice(0, end + 1)}`)
}

function newGeneration(): string {
  return randomBytes(16).toString('base64url')
}

function secondsOf({ expiresAt }: StoredText, now: number): number | undefined {
  const bound = boundOf(expiresAt, now)
  const seconds = bound === undefined ? undefined : Math.ceil(bound / 1_000)
  return seconds !== undefined && seconds <= MONTH ? seconds : undefined
}
