/** @module What goes on for whoever owns handlers, and has to end before they may go. */
import { setMaxListeners } from 'node:events'
import { LONGEST_TIMER } from '../../support/longest-timer.ts'
import { BotStoppingError } from '../errors.ts'

export class Underway {
  readonly #things = new Set<Promise<unknown>>()
  readonly #leave = new AbortController()
  readonly #cut = new AbortController()
  #ending: Promise<boolean> | undefined

  constructor() {
    // Every update that is being handled listens.
    setMaxListeners(0, this.leaving, this.cut)
  }

  /** Aborted when the end begins: whoever waits for a better time waits no longer. */
  get leaving(): AbortSignal {
    return this.#leave.signal
  }

  /** Aborted when there is no more time. */
  get cut(): AbortSignal {
    return this.#cut.signal
  }

  /** Has the end wait for some work. */
  track<T>(work: Promise<T>): Promise<T> {
    this.#things.add(work)
    const forget = () => void this.#things.delete(work)
    work.then(forget, forget)
    return work
  }

  /**
   * Waits for what goes on, at most until the deadline (in milliseconds since the epoch), then cuts what is left.
   *
   * @returns whether something was cut
   */
  end(deadline: number): Promise<boolean> {
    this.#ending ??= this.#end(deadline)
    return this.#ending
  }

  async #end(deadline: number): Promise<boolean> {
    this.#leave.abort(new BotStoppingError())
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, Math.min(LONGEST_TIMER, Math.max(0, deadline - Date.now())))
    await Promise.race([promise, this.#idle()])
    clearTimeout(timer)
    const isCut = this.#things.size > 0
    this.#cut.abort(new BotStoppingError())
    await this.#idle()
    return isCut
  }

  /** Also what is begun meanwhile, such as the replies to an update. */
  async #idle(): Promise<void> {
    while (this.#things.size > 0) await Promise.allSettled(this.#things)
  }
}
