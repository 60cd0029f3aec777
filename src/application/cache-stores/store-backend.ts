/** @module What a place has to do to keep things; times and names are settled by `ClockedStore`. */
import type { StoredCount, StoredText } from '../ports/cache-store.ts'

/** Keys are whole: they begin with the prefix of the application. `now` is the time of the service `clock`. */
export interface StoreBackend {
  /** May give what is over: whoever asks judges that. */
  get(keys: readonly string[], now: number): Promise<readonly (StoredText | undefined)[]>
  set(key: string, entry: StoredText, now: number): Promise<void>
  /**
   * Puts an entry in the place of another one, if that is still what is there; what is over is not there.
   *
   * @param entry undefined deletes
   */
  replace(
    key: string,
    expected: string | undefined,
    entry: StoredText | undefined,
    now: number,
  ): Promise<boolean>
  /**
   * Adds to a count.
   *
   * @param expiresAt the end of a new count
   * @throws {NotACountError} @throws {CountOutOfRangeError}
   */
  increment(key: string, by: number, expiresAt: number | undefined, now: number): Promise<StoredCount>
  delete(keys: readonly string[]): Promise<void>
  /** Forgets every key that begins with this text. */
  clear(beginning: string): Promise<void>
  ping(): Promise<void>
  /** Called once, and nothing is called after it. */
  close(): Promise<void>
}
