/** @module Work that is done one after the other. */

export class WorkQueue {
  #last: Promise<unknown> = Promise.resolve()

  /** Runs it when everything before has ended, well or not. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => undefined)
    return result
  }
}
