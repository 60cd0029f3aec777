/** @module What goes on in a session: one flush at a time, since two would share their changes out by chance, and what its end waits for. */

import { CallSite } from '../call-site.ts'
import { OverlappingWorkError } from './session-errors.ts'

export class OngoingWork {
  /** Where the flush was called that is going on. */
  #running: CallSite | undefined
  #isAutomatic = false
  readonly #going = new Set<Promise<unknown>>()

  /** Runs what may flush on its own account. The flush has to begin before the first await. */
  automatically<T>(fn: () => T): T {
    this.#isAutomatic = true
    try {
      return fn()
    } finally {
      this.#isAutomatic = false
    }
  }

  /**
   * Runs a flush. Those that nobody has asked for wait for each other in the ORM.
   *
   * @throws {OverlappingWorkError}
   */
  async take(flush: () => Promise<void>): Promise<void> {
    if (this.#isAutomatic) return this.watch(flush())
    const site = new CallSite()
    if (this.#running) {
      throw new OverlappingWorkError(`a flush (${this.#running})`, `another flush (${site})`)
    }
    this.#running = site
    try {
      await this.watch(flush())
    } finally {
      this.#running = undefined
    }
  }

  /** Waits for everything that is going on, also for what it begins in turn and what nobody awaits. */
  async idle(): Promise<void> {
    while (this.#going.size > 0) await Promise.allSettled(this.#going)
  }

  /** Lets the end of the scope wait for work that may not be awaited by whoever began it. */
  watch<T>(work: Promise<T>): Promise<T> {
    this.#going.add(work)
    const forget = () => this.#going.delete(work)
    work.then(forget, forget)
    return work
  }
}
