/** @module Those in this process who wait for locks, in order: only the first of each line asks the store. */

/** A place in a line. */
export class Place {
  readonly #line: readonly Place[]
  #isWoken = false
  #end: (() => void) | undefined

  constructor(line: readonly Place[]) {
    this.#line = line
  }

  get isFirst(): boolean {
    return this.#line[0] === this
  }

  /** Ends the pause, or the next one when there is none. */
  wake(): void {
    this.#isWoken = true
    this.#end?.()
  }

  /**
   * Waits, in milliseconds, unless something has happened.
   *
   * @returns whether something has
   * @throws the reason of the signal
   */
  async pause(time: number, signal: AbortSignal | undefined): Promise<boolean> {
    signal?.throwIfAborted()
    if (!this.#isWoken) await this.#sleep(time, signal)
    signal?.throwIfAborted()
    const wasWoken = this.#isWoken
    this.#isWoken = false
    return wasWoken
  }

  #sleep(time: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', end)
        this.#end = undefined
        resolve()
      }
      const timer = setTimeout(end, time)
      signal?.addEventListener('abort', end)
      this.#end = end
    })
  }
}

export class WaitingLines {
  readonly #lines = new Map<string, Place[]>()

  join(name: string): Place {
    const line = this.#lines.get(name) ?? []
    this.#lines.set(name, line)
    const place = new Place(line)
    line.push(place)
    return place
  }

  leave(name: string, place: Place): void {
    const line = this.#lines.get(name) ?? []
    line.splice(line.indexOf(place), 1)
    if (line.length === 0) this.#lines.delete(name)
    this.wakeFirst(name)
  }

  wakeFirst(name: string): void {
    this.#lines.get(name)?.[0]?.wake()
  }
}
