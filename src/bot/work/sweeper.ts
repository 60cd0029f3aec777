/** @module Takes over replies that somebody left: a process that died, or one that stopped before they could be sent. */
import type { Log } from '../../application/log.ts'
import type { Clock } from '../../application/ports/clock.ts'
import type { UpdateStore } from '../../application/ports/update-store.ts'
import { HOLD } from './deliver.ts'
import type { Deliveries } from './deliveries.ts'
import type { UpdateOwner } from './update-owner.ts'
import type { UpdateOwners } from './update-owners.ts'

/** In milliseconds. */
const EVERY = 5_000
const PRUNE_EVERY = 3_600_000
/** The Bot API keeps updates for a day; what was handled longer ago cannot come again. */
const KEEP = 2 * 24 * 3_600_000
/** How many updates are taken over at once. */
const LIMIT = 50

export interface SweepTools {
  readonly bot: number
  readonly log: Log
  readonly clock: Clock
  readonly owners: UpdateOwners
  readonly deliveries: Deliveries
}

export class Sweeper {
  readonly #tools: SweepTools
  readonly #log: Log
  #timer: NodeJS.Timeout | undefined
  #round: Promise<void> | undefined
  #prunedAt = Number.NEGATIVE_INFINITY
  #isFailing = false

  constructor(tools: SweepTools) {
    this.#tools = tools
    this.#log = tools.log
  }

  /** Begins at once, and again every few seconds. */
  start(): void {
    if (this.#timer) return
    this.#timer = setInterval(() => void this.sweep(), EVERY)
    void this.sweep()
  }

  /** Takes over what waits now. It does not fail: what goes wrong is logged until it works again. */
  sweep(): Promise<void> {
    this.#round ??= this.#sweep().finally(() => {
      this.#round = undefined
    })
    return this.#round
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#round
  }

  async #sweep(): Promise<void> {
    try {
      const isTimeToPrune = this.#now - this.#prunedAt >= PRUNE_EVERY
      if (isTimeToPrune) this.#prunedAt = this.#now
      for (const [store, owner] of this.#tools.owners.byStore()) {
        await this.#takeOver(store, owner)
        if (isTimeToPrune) await store.prune(this.#tools.bot, this.#now - KEEP, this.#now)
      }
      this.#isFailing = false
    } catch (err) {
      if (!this.#isFailing) this.#log.error({ err }, 'bot: replies that wait cannot be looked for')
      this.#isFailing = true
    }
  }

  async #takeOver(store: UpdateStore, owner: UpdateOwner): Promise<void> {
    const { bot, deliveries } = this.#tools
    for (let count = LIMIT; count === LIMIT && deliveries.isRoomFor(owner); ) {
      const heldUntil = this.#now + HOLD
      const taken = await store.takeWaiting(bot, this.#now, heldUntil, LIMIT)
      count = taken.length
      // Nobody waits for them: a chat may have to wait for an hour, and the others not for that chat.
      for (const waiting of taken) void deliveries.add(owner, { ...waiting, heldUntil })
    }
  }

  get #now(): number {
    return this.#tools.clock.now()
  }
}
