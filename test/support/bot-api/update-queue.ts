/** @module The updates that wait for a bot, as the Bot API keeps them: until they are confirmed, for ever gone afterwards. */
import type { Update } from 'grammy/types'

/** What a bot gets only when it asks for it. */
const ON_DEMAND = new Set(['chat_member', 'message_reaction', 'message_reaction_count'])

export class UpdateQueue {
  #change = Promise.withResolvers<void>()
  #waiting: Update[] = []
  #allowed: readonly string[] = []
  /** What has been confirmed, in this order. */
  readonly confirmed: number[] = []

  get waiting(): readonly Update[] {
    return this.#waiting
  }

  get allowed(): readonly string[] {
    return this.#allowed
  }

  /** Takes the kinds from now on; an empty list is all of them but those on demand. */
  allow(kinds: unknown): void {
    if (Array.isArray(kinds)) this.#allowed = kinds.map(String)
  }

  /** An update of a kind that the bot does not take never comes to it. */
  push(update: Update): void {
    const isTaken = (kind: string) =>
      this.#allowed.length === 0 ? !ON_DEMAND.has(kind) : this.#allowed.includes(kind)
    if (Object.keys(update).some((key) => key !== 'update_id' && isTaken(key))) this.give(update)
  }

  /** Has it wait, whatever it is and the bot takes. */
  give(update: Update): void {
    this.#waiting.push(update)
    this.#change.resolve()
    this.#change = Promise.withResolvers()
  }

  /** Forgets everything below the offset; a negative one counts from the end. */
  confirm(offset: number): void {
    const from = offset < 0 ? (this.#waiting.at(offset)?.update_id ?? 0) : offset
    this.#drop((update) => update.update_id < from)
  }

  confirmOne(update: Update): void {
    this.#drop((other) => other === update)
  }

  dropAll(): void {
    this.#waiting = []
  }

  /** Waits until something new comes. */
  change(): Promise<void> {
    return this.#change.promise
  }

  #drop(isGone: (update: Update) => boolean): void {
    this.confirmed.push(...this.#waiting.filter(isGone).map((update) => update.update_id))
    this.#waiting = this.#waiting.filter((update) => !isGone(update))
  }
}
