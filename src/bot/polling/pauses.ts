/** @module Pauses between attempts, each twice as long as the one before. */
import { setTimeout as sleep } from 'node:timers/promises'
import { LONGEST_TIMER } from '../../support/longest-timer.ts'

export interface PauseLengths {
  /** In milliseconds. */
  readonly first: number
  readonly longest: number
}

export class Pauses {
  readonly #lengths: PauseLengths
  #next: number

  constructor(lengths: PauseLengths) {
    this.#lengths = lengths
    this.#next = lengths.first
  }

  /** Begins anew with the first one. */
  reset(): void {
    this.#next = this.#lengths.first
  }

  /** Waits, at least so long where that is given, until the signal. */
  async wait(signal: AbortSignal, least = 0): Promise<void> {
    const length = Math.min(LONGEST_TIMER, Math.max(this.#next, least))
    this.#next = Math.min(2 * this.#next, this.#lengths.longest)
    // What it waits for is then the signal itself.
    await sleep(length, undefined, { signal }).catch(() => undefined)
  }
}
