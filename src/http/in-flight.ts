/** @module What the server is busy with: open responses, and units of work that have not ended. */

export class InFlight {
  readonly #things = new Map<object, () => unknown>()
  #isDraining = false
  #whenIdle: (() => void) | undefined

  /** Whether the server is stopping, and new requests are turned away. */
  get isDraining(): boolean {
    return this.#isDraining
  }

  /** @param cut ends the thing when there is no more time */
  enter(thing: object, cut: () => unknown): void {
    this.#things.set(thing, cut)
  }

  leave(thing: object): void {
    this.#things.delete(thing)
    if (this.#things.size === 0) this.#whenIdle?.()
  }

  beginDrain(): void {
    this.#isDraining = true
  }

  /** Waits until nothing is left, then, at the deadline, cuts what is. */
  async finish(deadline: number): Promise<void> {
    if (this.#things.size === 0) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#whenIdle = resolve
    const timer = setTimeout(resolve, Math.max(0, deadline - Date.now()))
    await promise
    clearTimeout(timer)
    await Promise.allSettled([...this.#things.values()].map((cut) => cut()))
  }
}
