/** @module A store of the cache on any place that keeps things: its times are those of the clock, its keys those of the application. */
import type { CacheStore, StoredCount, StoredText, StoreFacts } from '../ports/cache-store.ts'
import {
  CacheNamespaceError,
  CountOutOfRangeError,
  LifetimeInvalidError,
  StoreClosedError,
} from './errors.ts'
import type { StoreBackend } from './store-backend.ts'

/**
 * Makes a store of a backend: it ends what is over by the service `clock`, begins every key with the prefix of the
 * application, and refuses to work when it is closed.
 */
export class ClockedStore implements CacheStore {
  readonly #backend: StoreBackend
  readonly #facts: StoreFacts
  readonly #prefix: string
  /** What has begun and not ended. */
  readonly #running = new Set<Promise<unknown>>()
  #closing: Promise<void> | undefined

  constructor(backend: StoreBackend, facts: StoreFacts) {
    this.#backend = backend
    this.#facts = facts
    // Without a colon of its own, no prefix goes on as the key of another application does.
    this.#prefix = `${facts.prefix.replaceAll('%', '%25').replaceAll(':', '%3A')}:`
  }

  async get(keys: readonly string[]): Promise<(StoredText | undefined)[]> {
    return this.#use(async (now) => {
      if (keys.length === 0) return []
      const found = await this.#backend.get(this.#whole(keys), now)
      return found.map((entry) => (entry && isOver(entry.expiresAt, now) ? undefined : entry))
    })
  }

  async set(key: string, text: string, lifetime?: number): Promise<void> {
    await this.#use((now) =>
      this.#backend.set(this.#prefix + key, { text, expiresAt: endOf(key, now, lifetime) }, now),
    )
  }

  async replace(
    key: string,
    expected: string | undefined,
    text: string | undefined,
    lifetime?: number,
  ): Promise<boolean> {
    return this.#use((now) => {
      const entry = text === undefined ? undefined : { text, expiresAt: endOf(key, now, lifetime) }
      return this.#backend.replace(this.#prefix + key, expected, entry, now)
    })
  }

  async increment(key: string, by: number, lifetime?: number): Promise<StoredCount> {
    return this.#use((now) => {
      if (!Number.isSafeInteger(by)) throw new CountOutOfRangeError(key, by)
      return this.#backend.increment(this.#prefix + key, by, endOf(key, now, lifetime), now)
    })
  }

  async delete(keys: readonly string[]): Promise<void> {
    await this.#use(async () => keys.length > 0 && this.#backend.delete(this.#whole(keys)))
  }

  async clear(namespace: string): Promise<void> {
    if (namespace.includes(':')) throw new CacheNamespaceError(namespace)
    await this.#use(() => this.#backend.clear(`${this.#prefix}${namespace}:`))
  }

  async ping(): Promise<void> {
    await this.#use(() => this.#backend.ping())
  }

  /** Lets what has begun come to its end: it could open again what was closed. */
  close(): Promise<void> {
    this.#closing ??= Promise.allSettled(this.#running).then(() => this.#backend.close())
    return this.#closing
  }

  async #use<T>(work: (now: number) => Promise<T>): Promise<T> {
    if (this.#closing) throw new StoreClosedError(this.#facts.name)
    const running = work(this.#facts.app.make('clock').now())
    this.#running.add(running)
    try {
      return await running
    } finally {
      this.#running.delete(running)
    }
  }

  #whole(keys: readonly string[]): string[] {
    return keys.map((key) => this.#prefix + key)
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
