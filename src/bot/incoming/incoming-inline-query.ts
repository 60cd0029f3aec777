/** @module What somebody writes behind the name of the bot in another chat, on its way to a handler. */
import type { InlineQuery } from 'grammy/types'
import type { BotPayload } from '../replies/replies.ts'
import type { IncomingFacts } from './incoming-facts.ts'
import { IncomingUpdate } from './incoming-update.ts'

export type InlineResults = BotPayload<'answerInlineQuery'>['results']

/** What `answerInlineQuery` takes besides the query and its results, such as `cache_time`. */
export type InlineAnswerOptions = Omit<BotPayload<'answerInlineQuery'>, 'inline_query_id' | 'results'>

export class IncomingInlineQuery extends IncomingUpdate {
  readonly payload: InlineQuery

  constructor(facts: IncomingFacts, payload: InlineQuery) {
    super(facts)
    this.payload = payload
  }

  /** What was written so far. */
  get query(): string {
    return this.payload.query
  }

  /**
   * Offers results, once the unit of work is committed.
   *
   * @param results at most 50
   */
  answer(results: InlineResults, options: InlineAnswerOptions = {}): void {
    this.call('answerInlineQuery', { inline_query_id: this.payload.id, results, ...options })
  }
}
