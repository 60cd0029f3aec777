/** @module The kinds of updates that handlers have a class for. */
import type { Update } from 'grammy/types'

/** Every kind the Bot API knows, as the update names it: `callback_query`. */
export type AnyUpdateKind = Exclude<keyof Update, 'update_id'>

export const UPDATE_KINDS = [
  'message',
  'edited_message',
  'channel_post',
  'edited_channel_post',
  'callback_query',
  'inline_query',
  'chosen_inline_result',
  'shipping_query',
  'pre_checkout_query',
  'poll',
  'poll_answer',
] as const satisfies readonly AnyUpdateKind[]

export type UpdateKind = (typeof UPDATE_KINDS)[number]

/** What an update of a kind carries. */
export type PayloadOf<K extends AnyUpdateKind> = NonNullable<Update[K]>
