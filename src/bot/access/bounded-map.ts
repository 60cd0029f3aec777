/** @module What is remembered for a while, of no more keys than there is room for. */
import type { Clock } from '../../application/ports/clock.ts'

interface Entry<V> {
  readonly value: V
  readonly until: number
}

export class BoundedMap<V> {
  readonly #clock: Clock
  readonly #room: number
  /** The one that was noted longest ago stands first. */
  readonly #entries = new Map<string, Entry<V>>()

  constructor(clock: Clock, room: number) {
    this.#clock = clock
    this.#room = room
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    if (entry.until > this.#clock.now()) return entry.value
    this.#entries.delete(key)
    return undefined
  }

  /** @param until in milliseconds since 1970 */
  set(key: string, value: V, until: number): void {
    this.#entries.delete(key)
    this.#entries.set(key, { value, until })
    const [oldest] = this.#entries.keys()
    if (this.#entries.size > this.#room && oldest !== undefined) this.#entries.delete(oldest)
  }

  /** Forgets a key, when it still has this value. */
  delete(key: string, value: V): void {
    if (this.#entries.get(key)?.value === value) this.#entries.delete(key)
  }
}
