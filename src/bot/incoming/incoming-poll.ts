/** @module The new standing of a poll, on its way to a handler. */
import type { Poll } from 'grammy/types'
import type { IncomingFacts } from './incoming-facts.ts'
import { IncomingUpdate } from './incoming-update.ts'

export class IncomingPoll extends IncomingUpdate {
  readonly payload: Poll

  constructor(facts: IncomingFacts, payload: Poll) {
    super(facts)
    this.payload = payload
  }
}
