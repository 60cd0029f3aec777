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

interface Entry {
  readonly cut: () => unknown
  readonly describe: () => OpenWork
  readonly since: number
}

export class InFlight {
  readonly #things = new Map<object, Entry>()
  #isLeaving = false
  readonly #drain = new AbortController()
  #whenIdle: (() => void) | undefined

  constructor() {
    // Every open connection listens.
    setMaxListeners(0, this.#drain.signal)
  }

  /** Whether a stop has begun, so that connections are closed with their next reply. */
  get isLeaving(): boolean {
    return this.#isLeaving
  }

  /** Whether the server is stopping, and new requests are turned away. */
  get isDraining(): boolean {
    return this.#drain.signal.aborted
  }

  /** Aborted when the server begins to stop: what would go on for ever ends then. */
  get draining(): AbortSignal {
    return this.#drain.signal
  }

  /**
   * Notes something that a stop has to wait for.
   *
   * @param cut ends the thing when there is no more time
   * @param describe says what it is; asked only when it has to be cut
   */
  enter(thing: object, cut: () => unknown, describe: () => OpenWork): void {
    this.#things.set(thing, { cut, describe, since: Date.now() })
  }

  leave(thing: object): void {
    this.#things.delete(thing)
    if (this.#things.size === 0) this.#whenIdle?.()
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

  /** Waits until nothing is left, then, at the deadline, tells what is, and cuts it. */
  async finish(deadline: number, tell: (open: readonly StillOpen[]) => void): Promise<void> {
    if (this.#things.size === 0) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#whenIdle = resolve
    const timer = setTimeout(resolve, Math.max(0, deadline - Date.now()))
    await promise
    clearTimeout(timer)
    if (this.#things.size > 0) tell(this.list())
    await Promise.allSettled([...this.#things.values()].map(({ cut }) => cut()))
  }
}
