/** @module What is known of the kinds of updates: all their names, and which options they have. */
import { type AnyUpdateKind, UPDATE_KINDS, type UpdateKind } from '../updates/update-kind.ts'

/** A record, so that it does not compile when a name is missing or is too much. */
const OTHERS: Readonly<Record<Exclude<AnyUpdateKind, UpdateKind>, true>> = {
  business_connection: true,
  business_message: true,
  edited_business_message: true,
  deleted_business_messages: true,
  guest_message: true,
  stopped_message_generation: true,
  message_reaction: true,
  message_reaction_count: true,
  purchased_paid_media: true,
  my_chat_member: true,
  chat_member: true,
  chat_join_request: true,
  chat_boost: true,
  removed_chat_boost: true,
  managed_bot: true,
  subscription: true,
}

export const ALL_KINDS: readonly string[] = [...UPDATE_KINDS, ...Object.keys(OTHERS)]

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
  return typeof value === 'string' && ALL_KINDS.includes(value)
}
