/** @module Runs tasks one after the other, and says when too many are waiting. */

export interface Valve {
  /** No more for now. */
  close(): void
  open(): void
}

export class TaskQueue {
  readonly #limit: number
  readonly #valve: Valve
  readonly #waiting: (() => Promise<void>)[] = []
  #running: Promise<void> | undefined

  constructor(limit: number, valve: Valve) {
    this.#limit = limit
    this.#valve = valve
  }

  /** @param task must not fail: it reports its errors itself */
  add(task: () => Promise<void>): void {
    this.#waiting.push(task)
    if (this.#waiting.length >= this.#limit) this.#valve.close()
    this.#running ??= this.#run()
  }

  /** Resolves when nothing is left to do. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running
  }

  async #run(): Promise<void> {
    // Not within the call that adds the task: that is an event of a socket, with others behind it.
    await null
    for (let task = this.#waiting.shift(); task; task = this.#waiting.shift()) {
      if (this.#waiting.length === this.#limit - 1) this.#valve.open()
      await task()
    }
    this.#running = undefined
  }
}
