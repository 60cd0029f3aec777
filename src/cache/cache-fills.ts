/** @module Finds a value or has it computed: once for all who ask, in this process and in others. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Application } from '../application/application.ts'
import { LONGEST_TIMER } from '../support/longest-timer.ts'
import type { CacheEntries, Found } from './cache-entries.ts'
import type { EntryFacts } from './cache-entry.ts'
import { CacheFill, type FillOutcome } from './cache-fill.ts'
import type { CacheTags } from './cache-tags.ts'
import { CacheCircleError } from './errors.ts'

/** The waits between two looks at what another process computes, in milliseconds. */
const FIRST_LOOK = 20
const LAST_LOOK = 500

/** How often others may be faster before the value is computed without telling anybody. */
const ATTEMPTS = 20

export interface FillRequest {
  readonly key: string
  readonly factory: () => unknown
  readonly tags: readonly string[]
  readonly timeout: number | undefined
  readonly times: () => EntryFacts
}

/** What was found; with a store that does not answer, the value is computed and not kept. */
export interface Look {
  readonly found: Found | undefined
  readonly isAway: boolean
}

const AWAY: Look = { found: undefined, isAway: true }

export class CacheFills {
  readonly #app: Application
  readonly #entries: CacheEntries
  readonly #versions: CacheTags
  /** The latest one of each key that is being computed here. */
  readonly #running = new Map<string, CacheFill>()
  /** Looks at the leases of others, by lease. */
  readonly #looks = new Map<string, Promise<void>>()
  /** The order of questions and computations. */
  #ticks = 0

  constructor(app: Application, entries: CacheEntries, versions: CacheTags) {
    this.#app = app
    this.#entries = entries
    this.#versions = versions
  }

  /** How many keys are being computed here, or are waited for. */
  get size(): number {
    return this.#running.size + this.#looks.size
  }

  /** Gives a value of its own to each who asks. */
  async get(request: FillRequest): Promise<unknown> {
    const asked = this.#tick()
    for (let attempt = 0; ; attempt++) {
      const look = attempt < ATTEMPTS ? await this.#look(request.key) : AWAY
      const { found } = look
      if (found?.isFresh) return found.entry.value
      const running = this.#joinable(request.key, asked, look)
      if (found?.isStale && (running || found.lease)) return found.entry.value
      if (found?.lease && !running) {
        await this.#waitForOther(request.key, found.lease.id)
        continue
      }
      const fill = running ?? this.#begin(request, look)
      const outcome = await this.#outcomeOf(fill, found, request.timeout)
      if (outcome !== 'taken') return outcome.json === undefined ? undefined : JSON.parse(outcome.json)
    }
  }

  /** What stands in the store; it need not answer for the value to be computed. */
  async #look(key: string): Promise<Look> {
    try {
      return { found: await this.#entries.find(key), isAway: false }
    } catch (error) {
      this.#tell(key, error, 'computed, since its store does not answer')
      return AWAY
    }
  }

  /**
   * The computation whose result is new enough for who has asked at that time: one that began after it, or one whose lease
   * still stands there, so that nothing was forgotten since.
   *
   * @throws {CacheCircleError}
   */
  #joinable(key: string, asked: number, { found, isAway }: Look): CacheFill | undefined {
    const running = this.#running.get(key)
    if (!running) return undefined
    if (CacheFill.current && running.needs(CacheFill.current)) throw new CacheCircleError(key)
    if (asked > running.beganAt && !isAway && found?.lease?.id !== running.id) return undefined
    return running
  }

  #begin({ key, factory, tags, times }: FillRequest, look: Look): CacheFill {
    const fill = new CacheFill({
      app: this.#app,
      key,
      factory,
      tags,
      times,
      look,
      entries: this.#entries,
      versions: this.#versions,
      tell: (error, what) => this.#tell(key, error, what),
      tick: () => this.#tick(),
    })
    this.#running.set(key, fill)
    const forget = () => {
      if (this.#running.get(key) === fill) this.#running.delete(key)
    }
    fill.outcome.then(forget, (error: unknown) => {
      forget()
      if (look.found?.isStale) this.#tell(key, error, 'still given though it is over')
    })
    return fill
  }

  async #outcomeOf(
    fill: CacheFill,
    found: Found | undefined,
    timeout: number | undefined,
  ): Promise<FillOutcome> {
    const asking = CacheFill.current
    asking?.waitsFor.add(fill)
    try {
      return await (found?.isStale ? this.#orStale(fill, found, timeout) : fill.outcome)
    } finally {
      asking?.waitsFor.delete(fill)
    }
  }

  async #orStale(fill: CacheFill, { entry }: Found, timeout: number | undefined): Promise<FillOutcome> {
    const stale = { json: JSON.stringify(entry.value) }
    const ending = new AbortController()
    try {
      if (timeout === undefined || timeout > LONGEST_TIMER) return await fill.outcome
      const late = sleep(timeout, stale, { signal: ending.signal })
      // It is called off when the value is there.
      late.catch(() => undefined)
      return await Promise.race([fill.outcome, late])
    } catch {
      // Whoever began it has the error in the log.
      return stale
    } finally {
      ending.abort()
    }
  }

  /** One look after the other for all who wait here: until the lease is gone, or its time is over. */
  #waitForOther(key: string, lease: string): Promise<void> {
    const others = this.#looks.get(lease)
    if (others) return others
    const looking = this.#watch(key, lease).finally(() => this.#looks.delete(lease))
    this.#looks.set(lease, looking)
    return looking
  }

  async #watch(key: string, lease: string): Promise<void> {
    for (let wait = FIRST_LOOK; ; wait = Math.min(2 * wait, LAST_LOOK)) {
      await sleep(wait * (0.5 + Math.random()))
      const { found } = await this.#look(key)
      if (found?.lease?.id !== lease) return
    }
  }

  #tick(): number {
    this.#ticks += 1
    return this.#ticks
  }

  #tell(key: string, error: unknown, what: string): void {
    this.#app.make('log').warn({ err: error, key }, `cache: a value is ${what}`)
  }
}
