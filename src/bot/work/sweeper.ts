/** @module Takes over replies that somebody left: a process that died, or one that stopped before they could be sent. */
import type { Log } from '../../application/log.ts'
import type { UpdateStore } from '../../application/ports/update-store.ts'
import { lineOfCalls } from '../updates/line-of.ts'
import type { ChatQueue } from './chat-queue.ts'
import { type DeliveryTools, deliver, type HeldCalls, HOLD } from './deliver.ts'
import type { UpdateOwner } from './update-owner.ts'
import type { UpdateOwners } from './update-owners.ts'

/** In milliseconds. */
const EVERY = 5_000
const PRUNE_EVERY = 3_600_000
/** The Bot API keeps updates for a day; what was handled longer ago cannot come again. */
const KEEP = 2 * 24 * 3_600_000
/** How many updates are taken over at once. */
const LIMIT = 50
/** How many may wait for their chats: no more are taken over meanwhile. */
const ROOM = 1_000

export interface SweepTools extends DeliveryTools {
  readonly bot: number
  readonly owners: UpdateOwners
  readonly queue: ChatQueue
}

export class Sweeper {
  readonly #tools: SweepTools
  readonly #log: Log
  /** What is taken over and waits for its chat, by the number of the update. */
  readonly #queued = new WeakMap<UpdateStore, Map<number, HeldCalls>>()
  readonly #deliveries = new Set<Promise<void>>()
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
    await Promise.all(this.#deliveries)
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
    const { bot } = this.#tools
    const queued = this.#queuedOf(store)
    const isRoom = () => queued.size < ROOM && !owner.underway.leaving.aborted
    for (let count = LIMIT; count === LIMIT && isRoom(); ) {
      const heldUntil = this.#now + HOLD
      const taken = await store.takeWaiting(bot, this.#now, heldUntil, LIMIT)
      count = taken.length
      for (const waiting of taken) this.#queue(store, owner, { ...waiting, heldUntil })
    }
  }

  /** Nobody waits for it: a chat may have to wait for an hour, and the others not for that chat. */
  #queue(store: UpdateStore, owner: UpdateOwner, waiting: HeldCalls): void {
    const queued = this.#queuedOf(store)
    const isQueued = queued.has(waiting.update)
    // Where it is queued already, it was held for too short a time.
    queued.set(waiting.update, waiting)
    if (isQueued) return
    const delivery = this.#deliver(store, owner, waiting).finally(() => this.#deliveries.delete(delivery))
    this.#deliveries.add(delivery)
  }

  /** In the order of their chat, with the updates that are handled meanwhile. */
  async #deliver(store: UpdateStore, owner: UpdateOwner, waiting: HeldCalls): Promise<void> {
    const queued = this.#queuedOf(store)
    const taken = () => {
      const latest = queued.get(waiting.update) ?? waiting
      queued.delete(waiting.update)
      return latest
    }
    try {
      await this.#tools.queue.run(lineOfCalls(waiting), () => deliver(this.#tools, owner, taken()))
    } catch {
      // The queue was closed before: at the next start they are taken over at once.
      await this.#letGo(store, taken())
    }
  }

  async #letGo(store: UpdateStore, waiting: HeldCalls): Promise<void> {
    try {
      await store.hold(waiting, waiting.heldUntil, this.#now)
    } catch (err) {
      this.#log.warn({ err }, 'bot: replies could not be let go, and are sent later')
    }
  }

  #queuedOf(store: UpdateStore): Map<number, HeldCalls> {
    const known = this.#queued.get(store)
    if (known) return known
    const queued = new Map<number, HeldCalls>()
    this.#queued.set(store, queued)
    return queued
  }

  get #now(): number {
    return this.#tools.clock.now()
  }
}
