/** @module The result of an inline query that somebody has sent, on its way to a handler. */
import type { ChosenInlineResult } from 'grammy/types'
import type { IncomingFacts } from './incoming-facts.ts'
import { IncomingUpdate } from './incoming-update.ts'

export class IncomingChosenInlineResult extends IncomingUpdate {
  readonly payload: ChosenInlineResult

  constructor(facts: IncomingFacts, payload: ChosenInlineResult) {
    super(facts)
    this.payload = payload
  }

  /** What was written to find it. */
  get query(): string {
    return this.payload.query
  }

  /** The id that the bot gave the result. */
  get result(): string {
    return this.payload.result_id
  }
}
