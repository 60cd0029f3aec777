/** @module Texts in the memory of the process, so many and no more. */
import { addToCount } from '../../application/cache-stores/add-to-count.ts'
import { isOver } from '../../application/cache-stores/clocked-store.ts'
import type { StoreBackend } from '../../application/cache-stores/store-backend.ts'
import type { StoredCount, StoredText } from '../../application/ports/cache-store.ts'
import { CacheValueTooLargeError } from './errors.ts'

/** How many entries a write looks at for what is over: so that no write is slow, and all are looked at in time. */
const LOOKS = 20

/** How many it looks at before it forgets what is not over. */
const LOOKS_WHEN_FULL = 100

/** What an entry takes beside its texts, about. */
const OVERHEAD = 100

export interface MemoryLimits {
  readonly max: number
  readonly maxBytes: number
}

export class MemoryBackend implements StoreBackend {
  readonly #limits: MemoryLimits
  /** The one that was used longest ago is the first. */
  readonly #entries = new Map<string, StoredText>()
  #bytes = 0
  /** Where the search for what is over goes on. */
  #walk: MapIterator<[string, StoredText]> | undefined

  constructor(limits: MemoryLimits) {
    this.#limits = limits
  }

  async get(keys: readonly string[], now: number): Promise<(StoredText | undefined)[]> {
    return keys.map((key) => this.#find(key, now))
  }

  async set(key: string, entry: StoredText, now: number): Promise<void> {
    this.#put(key, entry, now)
  }

  async replace(
    key: string,
    expected: string | undefined,
    entry: StoredText | undefined,
    now: number,
  ): Promise<boolean> {
    if (this.#find(key, now)?.text !== expected) return false
    if (entry) this.#put(key, entry, now)
    else this.#remove(key)
    return true
  }

  async increment(key: string, by: number, expiresAt: number | undefined, now: number): Promise<StoredCount> {
    const found = this.#find(key, now)
    const count = addToCount(key, found?.text, by)
    const end = found ? found.expiresAt : expiresAt
    this.#put(key, { text: String(count), expiresAt: end }, now)
    return { count, expiresAt: end }
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.#remove(key)
  }

  async clear(beginning: string): Promise<void> {
    for (const key of this.#entries.keys()) if (key.startsWith(beginning)) this.#remove(key)
  }

  async ping(): Promise<void> {
    // Memory is always there.
  }

  async close(): Promise<void> {
    this.#entries.clear()
  }

  #find(key: string, now: number): StoredText | undefined {
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    if (isOver(entry.expiresAt, now)) {
      this.#remove(key)
      return undefined
    }
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry
  }

  #put(key: string, entry: StoredText, now: number): void {
    const size = sizeOf(key, entry)
    if (size > this.#limits.maxBytes) throw new CacheValueTooLargeError(key, size, this.#limits.maxBytes)
    this.#remove(key)
    this.#forgetOver(now, LOOKS)
    this.#entries.set(key, entry)
    this.#bytes += size
    if (this.#isFull) this.#forgetOver(now, LOOKS_WHEN_FULL)
    for (const oldest of this.#entries.keys()) {
      if (!this.#isFull) return
      this.#remove(oldest)
    }
  }

  get #isFull(): boolean {
    return this.#entries.size > this.#limits.max || this.#bytes > this.#limits.maxBytes
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    this.#entries.delete(key)
    this.#bytes -= sizeOf(key, entry)
  }

  /** On the way, since a timer would keep the process alive. */
  #forgetOver(now: number, looks: number): void {
    for (let look = 0; look < looks; look++) {
      this.#walk ??= this.#entries.entries()
      const { value, done } = this.#walk.next()
      if (done) this.#walk = undefined
      else if (isOver(value[1].expiresAt, now)) this.#remove(value[0])
    }
  }
}

/** Letters take up to two bytes. */
function sizeOf(key: string, { text }: StoredText): number {
  return 2 * (key.length + text.length) + OVERHEAD
}
