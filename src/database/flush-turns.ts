/** @module One flush of a session at a time: two at once would share their changes out by chance. */
import { callSite } from './call-site.ts'
import { OverlappingWorkError } from './transaction-errors.ts'

export class FlushTurns {
  /** Where the flush was called that is going on. */
  #running: string | undefined
  #isAutomatic = false

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
    if (this.#isAutomatic) return flush()
    const site = callSite()
    if (this.#running) {
      throw new OverlappingWorkError(`a flush (${this.#running})`, `another flush (${site})`)
    }
    this.#running = site
    try {
      await flush()
    } finally {
      this.#running = undefined
    }
  }
}
