/** @module The last question before somebody pays, on its way to a handler. */
import type { PreCheckoutQuery } from 'grammy/types'
import type { IncomingFacts } from './incoming-facts.ts'
import { IncomingUpdate } from './incoming-update.ts'

/** It has to be accepted or refused within 10 seconds, else nothing is paid. */
export class IncomingPreCheckoutQuery extends IncomingUpdate {
  readonly payload: PreCheckoutQuery

  constructor(facts: IncomingFacts, payload: PreCheckoutQuery) {
    super(facts)
    this.payload = payload
  }

  /** Has the user pay, once the unit of work is committed. */
  accept(): void {
    this.call('answerPreCheckoutQuery', { pre_checkout_query_id: this.payload.id, ok: true })
  }

  /**
   * Has nothing paid, once the unit of work is committed.
   *
   * @param reason is shown to the user
   */
  refuse(reason: string): void {
    const { id } = this.payload
    this.call('answerPreCheckoutQuery', { pre_checkout_query_id: id, ok: false, error_message: reason })
  }
}
