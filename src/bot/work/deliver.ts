/** @module Makes the calls of updates that are committed, in their order, and notes what has been made. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from 'grammy'
import type { Log } from '../../application/log.ts'
import type { Clock } from '../../application/ports/clock.ts'
import type { StoredCall, WaitingCalls } from '../../application/ports/update-store.ts'
import { LONGEST_TIMER } from '../../support/longest-timer.ts'
import { type CallOutcome, callStored } from '../transport/call-stored.ts'
import type { Done } from './chat-queue.ts'
import type { UpdateOwner } from './update-owner.ts'

/** How long nobody else takes over the calls of an update whose process may have died, in milliseconds. */
export const HOLD = 15_000
/** How long one call may take, in milliseconds: less than others wait. */
const CALL_TIMEOUT = 10_000
const SHORTEST_WAIT = 250
const LONGEST_WAIT = 30_000

export interface DeliveryTools {
  readonly api: Api
  readonly log: Log
  readonly clock: Clock
  /** In milliseconds. */
  readonly replyFor: number
}

/** Calls that whoever has them makes itself, until a time in milliseconds since 1970. */
export interface HeldCalls extends WaitingCalls {
  readonly heldUntil: number
}

/**
 * Makes the calls of an update. It does not fail: what cannot be made is logged.
 *
 * @returns when all of them are made, or as soon as one has to wait; `rest` ends with the last one
 */
export async function deliver(tools: DeliveryTools, owner: UpdateOwner, waiting: HeldCalls): Promise<Done> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const delivery = new Delivery(tools, owner, waiting, resolve)
  const rest = owner.underway.track(delivery.run()).finally(resolve)
  await promise
  return { rest }
}

/** Makes a call that nobody keeps: when it does not work at once, it is left. */
export async function sendOnce(
  { api, log }: DeliveryTools,
  owner: UpdateOwner,
  call: StoredCall,
): Promise<void> {
  const outcome = await callStored(api, call, signalOf(owner))
  if (outcome.is !== 'made')
    log.info({ method: call.method, ...errorOf(outcome) }, 'bot: an answer was not sent')
}

class Delivery {
  readonly #tools: DeliveryTools
  readonly #owner: UpdateOwner
  readonly #waiting: HeldCalls
  readonly #onWait: () => void
  #made: number
  #heldUntil: number

  constructor(tools: DeliveryTools, owner: UpdateOwner, waiting: HeldCalls, onWait: () => void) {
    this.#tools = tools
    this.#owner = owner
    this.#waiting = waiting
    this.#onWait = onWait
    this.#made = waiting.made
    this.#heldUntil = waiting.heldUntil
  }

  async run(): Promise<void> {
    for (const call of this.#waiting.calls.slice(this.#made)) {
      if (!(await this.#make(call))) return
      this.#made += 1
      await this.#keep(() => this.#owner.store.noteMade(this.#waiting, this.#made))
    }
  }

  /** Gives whether the next one may follow; else the rest is left to others, or given up. */
  async #make(call: StoredCall): Promise<boolean> {
    for (let attempt = 0; ; attempt += 1) {
      if (this.#heldUntil - this.#now < CALL_TIMEOUT && !(await this.#hold(HOLD))) return false
      const outcome = await this.#call(call)
      if (outcome.is === 'made') return true
      if (outcome.is === 'refused') {
        this.#tools.log.warn({ ...this.#facts(call), err: outcome.error }, 'bot: the Bot API refuses a reply')
        return true
      }
      const wait = outcome.is === 'wait' ? outcome.ms : waitAfter(attempt)
      if (this.#now + wait > this.#waiting.handledAt + this.#tools.replyFor)
        return this.#giveUp(call, outcome)
      if (attempt === 0) this.#tellWait(call, wait, outcome)
      this.#onWait()
      if (!(await this.#sleep(wait))) return false
    }
  }

  #call(call: StoredCall): Promise<CallOutcome> {
    return callStored(this.#tools.api, call, signalOf(this.#owner))
  }

  async #giveUp(call: StoredCall, outcome: CallOutcome): Promise<false> {
    const count = this.#waiting.calls.length - this.#made
    const facts = { ...this.#facts(call), ...errorOf(outcome) }
    this.#tools.log.error(facts, `bot: replies are given up, ${count} of an update`)
    await this.#keep(() => this.#owner.store.dropCalls(this.#waiting))
    return false
  }

  #tellWait(call: StoredCall, wait: number, outcome: CallOutcome): void {
    const facts = { ...this.#facts(call), wait, ...errorOf(outcome) }
    this.#tools.log.warn(facts, 'bot: a reply has to wait')
  }

  /** Nobody else takes over meanwhile. Gives false when somebody has, or when the end came first: then somebody may at once. */
  async #sleep(wait: number): Promise<boolean> {
    const { leaving } = this.#owner.underway
    if (!leaving.aborted && !(await this.#hold(wait + HOLD))) return false
    try {
      await sleep(Math.min(wait, LONGEST_TIMER), undefined, { signal: leaving })
      return true
    } catch {
      await this.#hold(0)
      return false
    }
  }

  /** Gives whether nobody else has taken over before, such as while what follows the commit took its time. */
  async #hold(forMs: number): Promise<boolean> {
    const [since, heldUntil] = [this.#heldUntil, this.#now + forMs]
    const isHeld = await this.#keep(() => this.#owner.store.hold(this.#waiting, since, heldUntil))
    if (isHeld) this.#heldUntil = heldUntil
    return isHeld !== false
  }

  /** The database may be away: at worst a call is made a second time, which is better than not at all. */
  async #keep<T>(write: () => Promise<T>): Promise<T | undefined> {
    try {
      return await write()
    } catch (err) {
      this.#tools.log.error(
        { update: this.#waiting.update, err },
        'bot: it could not be noted which replies were sent',
      )
      return undefined
    }
  }

  get #now(): number {
    return this.#tools.clock.now()
  }

  #facts({ method, payload }: StoredCall) {
    return { update: this.#waiting.update, method, chat: payload.chat_id }
  }
}

function signalOf({ underway }: UpdateOwner): AbortSignal {
  return AbortSignal.any([underway.cut, AbortSignal.timeout(CALL_TIMEOUT)])
}

function errorOf(outcome: CallOutcome) {
  return 'error' in outcome ? { err: outcome.error } : {}
}

function waitAfter(attempt: number): number {
  return Math.min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** attempt)
}
