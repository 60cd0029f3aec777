/** @module What waits for the commit of a unit of work: functions that run when it is there, and are forgotten without it. */

export class CommitCallbacks {
  readonly #waiting: (() => unknown)[] = []
  /** How many of them wait for nothing but the end: what they announce has been committed by hand. */
  #due = 0

  get size(): number {
    return this.#waiting.length
  }

  add(callback: () => unknown): void {
    this.#waiting.push(callback)
  }

  /** Has those that are here run at the end, whatever becomes of what follows. */
  settle(): void {
    this.#due = this.#waiting.length
  }

  /** Keeps the first ones only. */
  cutTo(size: number): void {
    this.#waiting.splice(size)
  }

  /** Forgets those that wait for a commit which does not come. */
  forget(): void {
    this.cutTo(this.#due)
  }

  /** Gives each of them once, also those that come meanwhile. */
  *take(): Iterable<() => unknown> {
    this.#due = 0
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) yield next
  }
}
