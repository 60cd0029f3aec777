/** @module Updates by their number: the same one is handled once at a time, and not tried for ever. */

/** How often an update is tried that needs what is not available. */
const TRIES = 10
/** How many updates that failed are remembered: more than are ever on their way at once. */
const REMEMBERED = 1000

export interface Attempt {
  readonly isFirst: boolean
  /** Then what is unavailable is a failure like any other. */
  readonly isLast: boolean
}

export class UpdatesOnce {
  readonly #running = new Map<number, Promise<void>>()
  /** How often each has failed, the latest failure last. */
  readonly #failures = new Map<number, number>()

  /**
   * Does the work of an update. When it is being done already, it waits for that and gives its outcome.
   */
  run(id: number, work: (attempt: Attempt) => Promise<unknown>): Promise<void> {
    const known = this.#running.get(id)
    if (known) return known
    const running = this.#run(id, work).finally(() => this.#running.delete(id))
    this.#running.set(id, running)
    return running
  }

  async #run(id: number, work: (attempt: Attempt) => Promise<unknown>): Promise<void> {
    const failures = this.#failures.get(id) ?? 0
    try {
      await work({ isFirst: failures === 0, isLast: failures + 1 >= TRIES })
      this.#failures.delete(id)
    } catch (error) {
      this.#remember(id, failures + 1)
      throw error
    }
  }

  #remember(id: number, failures: number): void {
    this.#failures.delete(id)
    this.#failures.set(id, failures)
    const [oldest] = this.#failures.keys()
    if (this.#failures.size > REMEMBERED && oldest !== undefined) this.#failures.delete(oldest)
  }
}
