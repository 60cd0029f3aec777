/** @module Who stands behind an update, where rights and limits are concerned. */
import type { Chat, Update } from 'grammy/types'
import { chatOf, userOf } from '../updates/who.ts'

export interface Sender {
  /** The id of the person; undefined where a chat speaks, or nobody does. */
  readonly user: number | undefined
  readonly chat: Chat | undefined
  /** The chat in whose name it was sent: the group itself, by an administrator who stays unnamed, or a channel. */
  readonly inNameOf: number | undefined
}

export function senderOf(update: Update): Sender {
  // Only of what was sent now. The message under a button was sent by somebody else than who presses it.
  const sent = update.message ?? update.edited_message ?? update.channel_post ?? update.edited_channel_post
  const inNameOf = sent?.sender_chat?.id
  // There, `from` is an account that all of them share.
  const user = inNameOf === undefined ? userOf(update)?.id : undefined
  return { user, chat: chatOf(update), inNameOf }
}

/** Whose updates are counted together: `user 12`. Undefined where nobody is known. */
export function countedSender({ user, chat, inNameOf }: Sender): string | undefined {
  if (user !== undefined) return `user ${user}`
  // Sent in the name of a chat: of one that writes in another, or of all who write for it there.
  if (inNameOf !== undefined) return `sender ${inNameOf} in ${chat?.id}`
  return countedChat({ chat })
}

export function countedChat({ chat }: Pick<Sender, 'chat'>): string | undefined {
  return chat && `chat ${chat.id}`
}
