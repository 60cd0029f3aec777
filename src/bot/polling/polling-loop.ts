/** @module Asks the Bot API for updates and has them handled, each at least once, those of a chat in order. */
import type { Api } from 'grammy'
import type { Update } from 'grammy/types'
import type { Log } from '../../application/log.ts'
import { LimberError } from '../../errors/limber-error.ts'
import { refusalOf } from '../transport/api-refusal.ts'
import { apiSignal } from '../transport/api-signal.ts'
import { namedError } from '../transport/ask-api.ts'
import { BotTokenError } from '../transport/errors.ts'
import type { AnyUpdateKind } from '../updates/update-kind.ts'
import { PollingConflictError } from './errors.ts'
import { type PauseLengths, Pauses } from './pauses.ts'
import { UpdateWindow, WINDOW_SIZE } from './update-window.ts'

export interface PollingFacts {
  readonly api: Api
  /** For messages. */
  readonly apiRoot: string
  /** What to ask for; read before every request, since modules come and go. */
  readonly kinds: () => readonly AnyUpdateKind[]
  /** Rejects when the update should come again. */
  readonly handle: (update: Update) => Promise<unknown>
  readonly log: Log
  /** Between attempts that fail; default: from half a second to half a minute. */
  readonly pauses?: PauseLengths
}

const PAUSES: PauseLengths = { first: 500, longest: 30_000 }
/** While updates are being handled, the Bot API does not wait: it gives them again. */
const GLANCES: PauseLengths = { first: 20, longest: 500 }
/** How long the Bot API waits for an update, in seconds. */
const LONG_POLL = 30
/** An answer without news that comes sooner was not waited for, in milliseconds. */
const HASTE = 1_000
/** How long a stop waits for the last updates to be confirmed, in milliseconds. */
const LAST_WORD = 2_000
/** How much longer an answer may take, in milliseconds. */
const PATIENCE = 15_000

export class PollingLoop {
  readonly #facts: PollingFacts
  readonly #window = new UpdateWindow()
  readonly #stop = new AbortController()
  readonly #pauses: Pauses
  readonly #glances = new Pauses(GLANCES)
  /** What has been logged, until it works again. */
  #fault: string | undefined
  #asked: number | undefined

  constructor(facts: PollingFacts) {
    this.#facts = facts
    this.#pauses = new Pauses(facts.pauses ?? PAUSES)
  }

  /**
   * Asks until it is stopped, then waits for what is being handled, and confirms it.
   *
   * @throws {BotTokenError} when the Bot API does not know the token any more
   */
  async run(): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) await this.#round(signal)
    await this.#window.settled()
    await this.#confirm()
  }

  /** Asks no more; a request that is waiting is given up. What was not begun comes again at the next start. */
  stop(): void {
    this.#stop.abort()
  }

  async #round(signal: AbortSignal): Promise<void> {
    const begun = performance.now()
    const updates = await this.#ask(signal)
    if (!updates) return
    const fresh = this.#window.take(updates)
    for (const update of fresh) this.#window.begin(update, () => this.#handle(update, signal))
    if (fresh.length > 0) this.#glances.reset()
    if (!this.#window.isIdle) await this.#waitForRoom(updates.length === WINDOW_SIZE, signal)
    // Who answers at once that there is nothing new would be asked without end.
    else if (fresh.length === 0 && performance.now() - begun < HASTE) await this.#glances.wait(signal)
  }

  async #ask(signal: AbortSignal): Promise<readonly Update[] | undefined> {
    const { api, kinds } = this.#facts
    const timeout = this.#window.isIdle ? LONG_POLL : 0
    const offset = this.#window.confirm()
    const end = AbortSignal.any([signal, AbortSignal.timeout(1000 * timeout + PATIENCE)])
    const facts = { limit: WINDOW_SIZE, timeout, allowed_updates: kinds() }
    try {
      const updates = await api.raw.getUpdates(
        { ...facts, ...(offset !== undefined && { offset }) },
        apiSignal(end),
      )
      this.#asked = offset
      this.#tellRecovery()
      return updates
    } catch (error) {
      if (!signal.aborted) await this.#survive(error, signal)
      return undefined
    }
  }

  /** Everything but a token that is refused may be over soon. */
  async #survive(error: unknown, signal: AbortSignal): Promise<void> {
    const refusal = refusalOf(error)
    const named =
      refusal?.code === 409
        ? new PollingConflictError(refusal.description)
        : namedError('getUpdates', this.#facts.apiRoot, error)
    if (named instanceof BotTokenError) throw named
    const fault = named.constructor.name
    if (fault !== this.#fault)
      this.#facts.log.error({ err: named }, 'bot: no updates can be asked for; it goes on trying')
    this.#fault = fault
    await this.#pauses.wait(signal, refusal?.retryAfter)
  }

  #tellRecovery(): void {
    if (this.#fault !== undefined) this.#facts.log.info('bot: updates can be asked for again')
    this.#fault = undefined
    this.#pauses.reset()
  }

  /** Gives whether it is handled: what is not comes again. */
  async #handle(update: Update, signal: AbortSignal): Promise<boolean> {
    const pauses = new Pauses(this.#facts.pauses ?? PAUSES)
    while (!signal.aborted) {
      try {
        await this.#facts.handle(update)
        return true
      } catch (error) {
        const isHopeless = error instanceof LimberError && error.kind === 'malformed'
        const facts = { err: error, update: update.update_id }
        if (isHopeless) this.#facts.log.error(facts, 'bot: an update cannot be read, and is left out')
        else if (!signal.aborted)
          this.#facts.log.error(facts, 'bot: an update is not handled yet, and is tried again')
        if (isHopeless) return true
        await pauses.wait(signal)
      }
    }
    return false
  }

  /** Waits until it makes sense to ask, although updates are being handled. */
  async #waitForRoom(isFull: boolean, signal: AbortSignal): Promise<void> {
    // The first request has no offset: it begins with the lowest that came.
    const asked = this.#asked ?? this.#window.offset ?? 0
    const moved = () => (this.#window.offset ?? 0) - asked
    const isNear = () => this.#window.isIdle || moved() >= WINDOW_SIZE / 2
    const over = new AbortController()
    const end = AbortSignal.any([signal, over.signal])
    const stopped = Promise.withResolvers<void>()
    signal.addEventListener('abort', () => stopped.resolve(), { once: true, signal: over.signal })
    let isTime = false
    const glance = this.#glances.wait(end).then(() => {
      isTime = true
    })
    // Nothing new can come while the window is full and its lowest update is not handled.
    const isEnough = () => isNear() || (isTime && (!isFull || moved() > 0))
    while (!isEnough() && !signal.aborted)
      await Promise.race([this.#window.change(), stopped.promise, ...(isTime ? [] : [glance])])
    over.abort()
  }

  /** A stop is no reason for what is handled to come again. */
  async #confirm(): Promise<void> {
    const { offset } = this.#window
    if (offset === undefined || offset === this.#asked) return
    try {
      await this.#facts.api.raw.getUpdates(
        { offset, limit: 1, timeout: 0 },
        apiSignal(AbortSignal.timeout(LAST_WORD)),
      )
    } catch (error) {
      this.#facts.log.debug({ err: error }, 'bot: the last updates could not be confirmed, and come again')
    }
  }
}
