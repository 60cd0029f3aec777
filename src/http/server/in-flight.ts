/** @module What the server is busy with: open replies, streams, sockets, and units of work that have not ended. */
import { setMaxListeners } from 'node:events'

/** What an open thing is, for the list of what a stop had to cut. */
export interface OpenWork {
  readonly kind: 'reply' | 'stream' | 'socket' | 'scope'
  readonly method: string
  /** The pattern of the route; the path without its query where no route answers. */
  readonly route: string
  readonly requestId: string
}

export interface StillOpen extends OpenWork {
  /** How long it has been open, in milliseconds. */
  readonly age: number
}

/** Where it is noted what is open. */
export interface OpenThings {
  /** Aborted when what would go on for ever has to end. */
  readonly draining: AbortSignal
  /**
   * Notes something that an end has to wait for.
   *
   * @param cut ends the thing when there is no more time
   * @param describe says what it is; asked only when it has to be cut
   */
  enter(thing: object, cut: () => unknown, describe: () => OpenWork): void
  leave(thing: object): void
}

interface Entry {
  readonly cut: () => unknown
  readonly describe: () => OpenWork
  readonly since: number
}

export class InFlight implements OpenThings {
  readonly #things = new Map<object, Entry>()
  readonly #whole: InFlight | undefined
  #isLeaving = false
  readonly #drain = new AbortController()
  /** Aborted when the server begins to stop: what would go on for ever ends then. */
  readonly draining: AbortSignal
  #idle: PromiseWithResolvers<void> | undefined

  /** @param whole what this is a part of: everything is noted there as well, and a stop of it is one of this */
  constructor(whole?: InFlight) {
    this.#whole = whole
    const { signal } = this.#drain
    this.draining = whole ? AbortSignal.any([signal, whole.draining]) : signal
    // Every open connection listens.
    setMaxListeners(0, this.draining)
  }

  /** Whether a stop has begun, so that connections are closed with their next reply. */
  get isLeaving(): boolean {
    return this.#isLeaving || this.#whole?.isLeaving === true
  }

  /** Whether the server is stopping, and new requests are turned away. */
  get isDraining(): boolean {
    return this.draining.aborted
  }

  enter(thing: object, cut: () => unknown, describe: () => OpenWork): void {
    this.#things.set(thing, { cut, describe, since: Date.now() })
    this.#whole?.enter(thing, cut, describe)
  }

  leave(thing: object): void {
    this.#things.delete(thing)
    if (this.#things.size === 0) {
      this.#idle?.resolve()
      this.#idle = undefined
    }
    this.#whole?.leave(thing)
  }

  leaveRotation(): void {
    this.#isLeaving = true
  }

  beginDrain(): void {
    this.#isLeaving = true
    this.#drain.abort()
  }

  /** Everything that is open, the oldest first. */
  list(): readonly StillOpen[] {
    const now = Date.now()
    return [...this.#things.values()].map(({ describe, since }) => ({ ...describe(), age: now - since }))
  }

  /** Waits until nothing is left. */
  async idle(): Promise<void> {
    if (this.#things.size === 0) return
    this.#idle ??= Promise.withResolvers<void>()
    await this.#idle.promise
  }

  /** Waits until nothing is left, then, at the deadline, tells what is, and cuts it. */
  async finish(deadline: number, tell: (open: readonly StillOpen[]) => void): Promise<void> {
    if (this.#things.size === 0) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, Math.max(0, deadline - Date.now()))
    await Promise.race([promise, this.idle()])
    clearTimeout(timer)
    if (this.#things.size > 0) tell(this.list())
    await Promise.allSettled([...this.#things.values()].map(({ cut }) => cut()))
  }
}
