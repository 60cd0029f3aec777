/** @module What is known of the kinds of updates: all their names, and which options they have. */
import { type AnyUpdateKind, UPDATE_KINDS } from '../updates/update-kind.ts'

export const ALL_KINDS = [
  ...UPDATE_KINDS,
  'business_connection',
  'business_message',
  'edited_business_message',
  'deleted_business_messages',
  'guest_message',
  'stopped_message_generation',
  'message_reaction',
  'message_reaction_count',
  'purchased_paid_media',
  'my_chat_member',
  'chat_member',
  'chat_join_request',
  'chat_boost',
  'removed_chat_boost',
  'managed_bot',
  'subscription',
] as const satisfies readonly AnyUpdateKind[]

const MESSAGES: readonly AnyUpdateKind[] = [
  'message',
  'edited_message',
  'channel_post',
  'edited_channel_post',
]

/** Those that are known to come from a chat. */
const OF_CHATS: readonly AnyUpdateKind[] = [
  ...MESSAGES,
  'callback_query',
  'my_chat_member',
  'chat_member',
  'chat_join_request',
  'message_reaction',
]

/** The kinds that an option can apply to; every kind where it is not named here. */
export const KINDS_OF_OPTION: Readonly<Record<string, readonly AnyUpdateKind[]>> = {
  commands: MESSAGES,
  description: MESSAGES,
  text: MESSAGES,
  content: MESSAGES,
  data: ['callback_query'],
  query: ['inline_query', 'chosen_inline_result'],
  chats: OF_CHATS,
  state: OF_CHATS,
}

export function isKind(value: unknown): value is AnyUpdateKind {
  return ALL_KINDS.some((kind) => kind === value)
}
