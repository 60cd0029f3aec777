/** @module The address of somebody who is about to buy, on its way to a handler. */
import type { ShippingOption, ShippingQuery } from 'grammy/types'
import type { IncomingFacts } from './incoming-facts.ts'
import { IncomingUpdate } from './incoming-update.ts'

export class IncomingShippingQuery extends IncomingUpdate {
  readonly payload: ShippingQuery

  constructor(facts: IncomingFacts, payload: ShippingQuery) {
    super(facts)
    this.payload = payload
  }

  /** Offers ways to ship to that address, once the unit of work is committed. */
  answer(options: readonly ShippingOption[]): void {
    this.call('answerShippingQuery', {
      shipping_query_id: this.payload.id,
      ok: true,
      shipping_options: options,
    })
  }

  /**
   * Says that nothing is shipped there, once the unit of work is committed.
   *
   * @param reason is shown to the user
   */
  refuse(reason: string): void {
    this.call('answerShippingQuery', { shipping_query_id: this.payload.id, ok: false, error_message: reason })
  }
}
