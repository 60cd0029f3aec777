/** @module The replies on their way: those of one chat in their order, without keeping back its updates or other chats. */
import { lineOfCalls } from '../updates/line-of.ts'
import { ChatQueue, type Done } from './chat-queue.ts'
import { type DeliveryTools, deliver, type HeldCalls } from './deliver.ts'
import type { UpdateOwner } from './update-owner.ts'

/** How many may wait for those before them: the store keeps more than that. */
const ROOM = 1_000

export class Deliveries {
  readonly #tools: DeliveryTools
  readonly #lines: ChatQueue
  /** What waits for its turn, by the number of the update. */
  readonly #queued = new WeakMap<UpdateOwner['store'], Map<number, HeldCalls>>()

  /** @param places how many chats are sent to at once */
  constructor(tools: DeliveryTools, places: number) {
    this.#tools = tools
    this.#lines = new ChatQueue(places)
  }

  isRoomFor({ store, underway }: UpdateOwner): boolean {
    return this.#queuedOf(store).size < ROOM && !underway.leaving.aborted
  }

  /**
   * Makes the calls of an update when those before them in their chat are made.
   *
   * @returns when all of them are made, or as soon as one has to wait, be it for those before it
   */
  async add(owner: UpdateOwner, waiting: HeldCalls): Promise<void> {
    if (waiting.made >= waiting.calls.length) return
    const queued = this.#queuedOf(owner.store)
    const isQueued = queued.has(waiting.update)
    if (!isQueued && queued.size >= ROOM) return this.#letGo(owner, waiting)
    // Where it is queued already, it was held for too short a time.
    queued.set(waiting.update, waiting)
    if (isQueued) return
    const line = lineOfCalls(waiting)
    const isBehind = this.#lines.isBusy(line)
    const turn = this.#lines.run(line, () => this.#deliver(owner, waiting.update, isBehind))
    owner.underway.track(turn)
    if (!isBehind) await turn
  }

  async #deliver(owner: UpdateOwner, update: number, isBehind: boolean): Promise<Done> {
    const queued = this.#queuedOf(owner.store)
    const waiting = queued.get(update)
    queued.delete(update)
    if (!waiting) return {}
    // Those before it may have been left for the next start.
    if (isBehind && owner.underway.leaving.aborted) {
      await this.#letGo(owner, waiting)
      return {}
    }
    return deliver(this.#tools, owner, waiting)
  }

  /** Has anybody take them over who looks for replies that were left. */
  async #letGo({ store }: UpdateOwner, waiting: HeldCalls): Promise<void> {
    try {
      await store.hold(waiting, waiting.heldUntil, this.#tools.clock.now())
    } catch (err) {
      this.#tools.log.warn({ err }, 'bot: replies could not be let go, and are sent later')
    }
  }

  #queuedOf(store: UpdateOwner['store']): Map<number, HeldCalls> {
    const known = this.#queued.get(store)
    if (known) return known
    const queued = new Map<number, HeldCalls>()
    this.#queued.set(store, queued)
    return queued
  }
}
