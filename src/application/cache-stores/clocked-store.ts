/** @module A store of the cache on any place that keeps things: its times are those of the clock, its keys those of the application. */
import type { CacheStore, StoredCount, StoredText, StoreFacts } from '../ports/cache-store.ts'
import { CountOutOfRangeError, LifetimeInvalidError, StoreClosedError } from './errors.ts'
import type { StoreBackend } from './store-backend.ts'

/**
 * Makes a store of a backend: it ends what is over by the service `clock`, begins every key with the prefix of the
 * application, and refuses to work when it is closed.
 */
export class ClockedStore implements CacheStore {
  readonly #backend: StoreBackend
  readonly #facts: StoreFacts
  readonly #prefix: string
  #closing: Promise<void> | undefined

  constructor(backend: StoreBackend, facts: StoreFacts) {
    this.#backend = backend
    this.#facts = facts
    // Without a colon of its own, no prefix goes on as the key of another application does.
    this.#prefix = `${facts.prefix.replaceAll('%', '%25').replaceAll(':', '%3A')}:`
  }

  async get(keys: readonly string[]): Promise<(StoredText | undefined)[]> {
    const now = this.#now()
    if (keys.length === 0) return []
    const found = await this.#backend.get(this.#whole(keys), now)
    return found.map((entry) => (entry && isOver(entry.expiresAt, now) ? undefined : entry))
  }

  async set(key: string, text: string, lifetime?: number): Promise<void> {
    const now = this.#now()
    await this.#backend.set(this.#prefix + key, { text, expiresAt: endOf(key, now, lifetime) }, now)
  }

  async replace(
    key: string,
    expected: string | undefined,
    text: string | undefined,
    lifetime?: number,
  ): Promise<boolean> {
    const now = this.#now()
    const entry = text === undefined ? undefined : { text, expiresAt: endOf(key, now, lifetime) }
    return this.#backend.replace(this.#prefix + key, expected, entry, now)
  }

  async increment(key: string, by: number, lifetime?: number): Promise<StoredCount> {
    const now = this.#now()
    if (!Number.isSafeInteger(by)) throw new CountOutOfRangeError(key, by)
    return this.#backend.increment(this.#prefix + key, by, endOf(key, now, lifetime), now)
  }

  async delete(keys: readonly string[]): Promise<void> {
    this.#refuseClosed()
    if (keys.length > 0) await this.#backend.delete(this.#whole(keys))
  }

  async clear(namespace: string): Promise<void> {
    this.#refuseClosed()
    await this.#backend.clear(`${this.#prefix}${namespace}:`)
  }

  async ping(): Promise<void> {
    this.#refuseClosed()
    await this.#backend.ping()
  }

  close(): Promise<void> {
    this.#closing ??= this.#backend.close()
    return this.#closing
  }

  #now(): number {
    this.#refuseClosed()
    return this.#facts.app.make('clock').now()
  }

  #whole(keys: readonly string[]): string[] {
    return keys.map((key) => this.#prefix + key)
  }

  #refuseClosed(): void {
    if (this.#closing) throw new StoreClosedError(this.#facts.name)
  }
}

/** Whether a time is over: at its very end it is. */
export function isOver(expiresAt: number | undefined, now: number): boolean {
  return expiresAt !== undefined && expiresAt <= now
}

function endOf(key: string, now: number, lifetime: number | undefined): number | undefined {
  if (lifetime === undefined) return undefined
  if (typeof lifetime !== 'number' || Number.isNaN(lifetime)) throw new LifetimeInvalidError(key, lifetime)
  const end = Math.ceil(now + lifetime)
  // Beyond the end of all calendars is for ever.
  return end > Number.MAX_SAFE_INTEGER ? undefined : Math.max(0, end)
}
