/** @module Tells the log what webhooks refuse: whoever posts may do so as often as they like, and the log stays readable. */
import type { Log } from '../../application/log.ts'
import type { Clock } from '../../application/ports/clock.ts'
import { statusOf } from '../problems/status-of.ts'
import { toLimberError } from '../problems/to-limber-error.ts'

/** After a line, how long refusals of the same kind are only counted, in milliseconds. */
const PAUSE = 10_000

export class RefusedPosts {
  readonly #path: string
  readonly #log: Log
  readonly #clock: Clock
  /** By code: when it was told, and how often it came since. */
  readonly #told = new Map<string, { at: number; since: number }>()

  constructor(path: string, log: Log, clock: Clock) {
    this.#path = path
    this.#log = log
    this.#clock = clock
  }

  /** What is a fault of the server is told by whoever answers it. */
  note(thrown: unknown): void {
    const error = toLimberError(thrown)
    if (statusOf(error) >= 500) return
    const now = this.#clock.now()
    const last = this.#told.get(error.code)
    if (last && now - last.at < PAUSE) {
      last.since += 1
      return
    }
    this.#told.set(error.code, { at: now, since: 0 })
    const facts = { path: this.#path, ...(last && last.since > 0 && { untold: last.since }), err: error }
    this.#log.warn(facts, `A post is refused: ${error.message}`)
  }
}
