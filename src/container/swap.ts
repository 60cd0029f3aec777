/** @module Replacements for services that can be taken back, in any order. */
import type { ServiceKey } from './services.ts'

export class Swap<T = unknown> implements Disposable {
  readonly value: T
  readonly #restore: () => void

  constructor(value: T, restore: () => void) {
    this.value = value
    this.#restore = restore
  }

  /** Puts back what was handed out before. A second call does nothing. */
  restore(): void {
    this.#restore()
  }

  [Symbol.dispose](): void {
    this.#restore()
  }
}

/** The swaps that are in force: the last one of a key counts. */
export class Swaps {
  readonly #swaps = new Map<ServiceKey, Swap[]>()

  add<T>(key: ServiceKey, value: T): Swap<T> {
    const swap = new Swap(value, () => this.#remove(key, swap))
    this.#swaps.set(key, [...(this.#swaps.get(key) ?? []), swap])
    return swap
  }

  get isEmpty(): boolean {
    return this.#swaps.size === 0
  }

  find(key: ServiceKey): Swap | undefined {
    return this.#swaps.get(key)?.at(-1)
  }

  /** Takes back every swap of these keys. */
  drop(keys: Iterable<ServiceKey>): void {
    for (const key of keys) this.#swaps.delete(key)
  }

  #remove(key: ServiceKey, swap: Swap): void {
    const rest = this.#swaps.get(key)?.filter((other) => other !== swap) ?? []
    if (rest.length > 0) this.#swaps.set(key, rest)
    else this.#swaps.delete(key)
  }
}
