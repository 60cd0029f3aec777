/** @module Port: keeps texts for a time, for caches, locks and counters. It is opened from a value in the configuration of the cache. */
import type { Application } from '../application.ts'
import type { ProcessMemory } from './process-memory.ts'

/** A text, and when its time is over. */
export interface StoredText {
  readonly text: string
  /** In milliseconds since 1970; undefined never expires. */
  readonly expiresAt: number | undefined
}

export interface StoredCount {
  readonly count: number
  readonly expiresAt: number | undefined
}

/**
 * Keys are texts of any letters and length that begin with a namespace and a colon: `cache:books`, `lock:reports`. A namespace
 * has no colon. Half of a surrogate pair, in a key or in a text, is not told from another one.
 *
 * Everything works outside of any unit of work, and what it does to one key is atomic, among processes as well where the store is
 * shared. `get`, `delete` and `clear` take keys one after the other.
 * Whether a time is over is judged by the service `clock`; lifetimes are in milliseconds, and undefined never ends.
 */
export interface CacheStore {
  /** Gives what is kept under each key, in the same order; undefined where nothing is, or its time is over. */
  get(keys: readonly string[]): Promise<(StoredText | undefined)[]>
  /** Keeps a text in place of what was there; a lifetime of 0 or less keeps nothing. */
  set(key: string, text: string, lifetime?: number): Promise<void>
  /**
   * Puts a text in the place of another one, if that is still what is there.
   *
   * @param expected what has to be there; undefined: nothing
   * @param text undefined deletes
   * @returns whether it was
   */
  replace(
    key: string,
    expected: string | undefined,
    text: string | undefined,
    lifetime?: number,
  ): Promise<boolean>
  /**
   * Adds to a count, which begins at 0; the text of a count is its digits. The lifetime is that of a new count: one that goes
   * on keeps its end.
   *
   * @throws {NotACountError} when something else is kept there
   */
  increment(key: string, by: number, lifetime?: number): Promise<StoredCount>
  /** Forgets what is kept under these keys; nothing happens where nothing is. */
  delete(keys: readonly string[]): Promise<void>
  /** Forgets every key of this application that begins with a namespace and a colon. */
  clear(namespace: string): Promise<void>
  /** Resolves when the store works, rejects with the reason when it does not. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** A store as it stands in the configuration. */
export interface CacheStoreDriver {
  /** What messages call it: `memory`, `redis`. */
  readonly name: string
  /** Said where the store lives in the memory of one process. */
  readonly memory?: ProcessMemory
  /** Opens it, which need not connect yet: a server that is away must not keep the application from starting. */
  open(facts: StoreFacts): CacheStore | Promise<CacheStore>
}

export interface StoreFacts {
  readonly app: Application
  /** The name of the store in the configuration. */
  readonly name: string
  /** What tells the keys of this application from those of others on the same server: `library`. */
  readonly prefix: string
}
