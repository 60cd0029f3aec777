/** @module A vote in a poll that is not anonymous, on its way to a handler. */
import type { PollAnswer } from 'grammy/types'
import type { IncomingFacts } from './incoming-facts.ts'
import { IncomingUpdate } from './incoming-update.ts'

export class IncomingPollAnswer extends IncomingUpdate {
  readonly payload: PollAnswer

  constructor(facts: IncomingFacts, payload: PollAnswer) {
    super(facts)
    this.payload = payload
  }

  /** The numbers of the options that were chosen, from 0; empty where the vote was taken back. */
  get chosen(): readonly number[] {
    return this.payload.option_ids
  }
}
