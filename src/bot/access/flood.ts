/** @module Keeps a user who sends too much from taking the bot away from the others. */
import type { Application } from '../../application/application.ts'
import type { RateLimit, RateLimiter } from '../../application/ports/rate-limiter.ts'
import { BOT_DEFAULTS } from '../bot-config.ts'
import type { IncomingUpdate } from '../incoming/incoming-update.ts'
import { BoundedMap } from './bounded-map.ts'
import { countedSender, senderOf } from './sender.ts'

/** `answer` is given once in a window: to tell the user, and the log. */
export type FloodVerdict = 'pass' | 'answer' | 'drop'

/** In users. */
const ROOM = 10_000
/** How long an update that has passed is known, in milliseconds: longer than it is brought again after. */
const REMEMBERED = 3_600_000
/** How often the log says that nothing is counted, in milliseconds. */
const WARNING_PAUSE = 10_000

/** Counts the updates of each user, among all processes that share the store of the limiter. Its store away, it counts nothing. */
export class FloodGate {
  readonly #app: Application
  readonly #limit: RateLimit | undefined
  /** Whose window is full: until its end, nobody has to be asked. */
  readonly #full: BoundedMap<true>
  /** Updates that have passed, by their number: one that comes again, since something was away, is no other one. */
  readonly #passed: BoundedMap<true>
  #warnedAt = Number.NEGATIVE_INFINITY

  constructor(app: Application) {
    const { flood } = app.config.get('bot')
    this.#app = app
    this.#limit = flood === false ? undefined : (flood ?? BOT_DEFAULTS.flood)
    this.#full = new BoundedMap(app.make('clock'), ROOM)
    this.#passed = new BoundedMap(app.make('clock'), ROOM)
  }

  /** Called outside of any unit of work, for every update that some handler may take. */
  async pass({ update, me }: IncomingUpdate): Promise<FloodVerdict> {
    const sender = countedSender(senderOf(update))
    // Polls come of nobody, and not of a user's hand.
    if (!this.#limit || sender === undefined) return 'pass'
    const number = String(update.update_id)
    if (this.#passed.get(number)) return 'pass'
    const key = `bot ${me.id} flood ${sender}`
    if (this.#full.get(key)) return 'drop'
    // Outside of what is forgiven: without config/cache.ts nothing would ever be counted.
    const limiter = this.#app.make('limiter')
    try {
      const verdict = await this.#count(limiter, key, this.#limit)
      if (verdict === 'pass') this.#passed.set(number, true, this.#app.make('clock').now() + REMEMBERED)
      return verdict
    } catch (error) {
      this.#warn(error)
      return 'pass'
    }
  }

  async #count(limiter: RateLimiter, key: string, limit: RateLimit): Promise<FloodVerdict> {
    const state = await limiter.hit(key, limit)
    if (!state.isExceeded) return 'pass'
    this.#full.set(key, true, state.resetAt)
    // Of all who are too many at once, in this process and in others, one is told.
    const told = await limiter.hit(`${key} told`, { max: 1, window: limit.window })
    return told.isExceeded ? 'drop' : 'answer'
  }

  /** Not for each update: those are many while a store is away. */
  #warn(error: unknown): void {
    const now = this.#app.make('clock').now()
    if (now - this.#warnedAt < WARNING_PAUSE) return
    this.#warnedAt = now
    const message = 'The store that counts updates does not answer: they pass uncounted.'
    this.#app.make('log').warn({ err: error }, message)
  }
}
