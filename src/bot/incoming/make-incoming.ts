/** @module From an update to what its handler is given. */
import { type PayloadOf, UPDATE_KINDS, type UpdateKind } from '../updates/update-kind.ts'
import { IncomingCallbackQuery } from './incoming-callback-query.ts'
import { IncomingChosenInlineResult } from './incoming-chosen-inline-result.ts'
import type { IncomingFacts } from './incoming-facts.ts'
import { IncomingInlineQuery } from './incoming-inline-query.ts'
import { IncomingMessage } from './incoming-message.ts'
import { IncomingPoll } from './incoming-poll.ts'
import { IncomingPollAnswer } from './incoming-poll-answer.ts'
import { IncomingPreCheckoutQuery } from './incoming-pre-checkout-query.ts'
import { IncomingShippingQuery } from './incoming-shipping-query.ts'
import { IncomingUpdate } from './incoming-update.ts'

const CLASSES: {
  readonly [K in UpdateKind]: new (
    facts: IncomingFacts,
    payload: PayloadOf<K>,
  ) => IncomingUpdate
} = {
  message: IncomingMessage,
  edited_message: IncomingMessage,
  channel_post: IncomingMessage,
  edited_channel_post: IncomingMessage,
  callback_query: IncomingCallbackQuery,
  inline_query: IncomingInlineQuery,
  chosen_inline_result: IncomingChosenInlineResult,
  shipping_query: IncomingShippingQuery,
  pre_checkout_query: IncomingPreCheckoutQuery,
  poll: IncomingPoll,
  poll_answer: IncomingPollAnswer,
}

/** Gives an update the class of its kind; a kind without one is an `IncomingUpdate`. */
export function makeIncoming(facts: IncomingFacts): IncomingUpdate {
  const kind = UPDATE_KINDS.find((each) => each === facts.kind)
  return (kind && madeOf(kind, facts)) ?? new IncomingUpdate(facts)
}

function madeOf<K extends UpdateKind>(kind: K, facts: IncomingFacts): IncomingUpdate | undefined {
  const payload = facts.update[kind]
  return payload ? new CLASSES[kind](facts, payload) : undefined
}
