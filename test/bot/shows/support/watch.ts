/** @module Looks on while updates are handled in this process: whose sessions there are, and who is at work at the same time. */
import type { IncomingUpdate } from 'limber/bot'
import type { Session } from 'limber/database'
import type { Probe } from '../fixtures/tally/app/probe.ts'

export class Watch implements Probe {
  /** Each session with the updates that have had it. */
  readonly sessions = new Map<Session, number[]>()
  /** Chats in which two updates were handled at the same time. */
  readonly crowded = new Set<number>()
  readonly #inside = new Map<number, Set<number>>()
  readonly #party: number
  readonly #met = Promise.withResolvers<void>()

  /** @param party so many chats wait for each other, before any of them goes on */
  constructor(party: number) {
    this.#party = party
  }

  arrived({ chat, update }: IncomingUpdate): void {
    const inside = this.#inside.get(chat?.id ?? 0) ?? new Set()
    // A unit of work that is begun again is the same update.
    inside.add(update.update_id)
    if (inside.size > 1) this.crowded.add(chat?.id ?? 0)
    this.#inside.set(chat?.id ?? 0, inside)
  }

  async began(incoming: IncomingUpdate, session: Session): Promise<void> {
    const { update_id: id } = incoming.update
    this.sessions.set(session, [...(this.sessions.get(session) ?? []), id])
    if (this.#inside.size >= this.#party) this.#met.resolve()
    // Where chats waited for each other, this would never end.
    await this.#met.promise
  }

  wrote({ chat, update }: IncomingUpdate): void {
    const inside = this.#inside.get(chat?.id ?? 0)
    inside?.delete(update.update_id)
    if (inside?.size === 0) this.#inside.delete(chat?.id ?? 0)
  }
}
