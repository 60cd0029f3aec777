/** @module Who sent an update, and where. */
import type { Chat, Update, User } from 'grammy/types'

/** The chat that an update belongs to, if it belongs to one. */
export function chatOf(update: Update): Chat | undefined {
  const inMessage =
    update.message ?? update.edited_message ?? update.channel_post ?? update.edited_channel_post
  if (inMessage) return inMessage.chat
  const query = update.callback_query
  if (query) return query.message?.chat
  return (update.my_chat_member ?? update.chat_member ?? update.chat_join_request ?? update.message_reaction)
    ?.chat
}

/** The user who caused an update; undefined for channels, anonymous votes and polls. */
export function userOf(update: Update): User | undefined {
  const sent =
    update.message ??
    update.edited_message ??
    update.callback_query ??
    update.inline_query ??
    update.chosen_inline_result ??
    update.shipping_query ??
    update.pre_checkout_query ??
    update.my_chat_member ??
    update.chat_member ??
    update.chat_join_request
  return sent?.from ?? update.poll_answer?.user ?? update.message_reaction?.user
}

/** The ids of both, as far as there are any. */
export function idsOf(update: Update): {
  readonly chat: number | undefined
  readonly user: number | undefined
} {
  return { chat: chatOf(update)?.id, user: userOf(update)?.id }
}
