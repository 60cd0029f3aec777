/** @module A replacement for a service that can be taken back. */
export class Swap implements Disposable {
  readonly value: unknown
  readonly #restore: () => void

  constructor(value: unknown, restore: () => void) {
    this.value = value
    this.#restore = restore
  }

  /** Puts the original service back. A second call does nothing. */
  restore(): void {
    this.#restore()
  }

  [Symbol.dispose](): void {
    this.#restore()
  }
}
