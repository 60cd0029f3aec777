/** @module Sends a text in as many messages as it takes. */
import type { BotPayload } from '../replies/replies.ts'
import { messageParts } from '../texts/message-parts.ts'
import type { IncomingUpdate } from './incoming-update.ts'

/** What `sendMessage` takes besides the chat and the text, such as `parse_mode` and `reply_markup`. */
export type ReplyOptions = Omit<BotPayload<'sendMessage'>, 'chat_id' | 'text'>

/**
 * Queues a message for each part: the first one quotes, the last one has the keyboard.
 *
 * @throws {ReplyTooLongError} for Markdown, which cannot be split
 */
export function sendParts(incoming: IncomingUpdate, chat: number, text: string, options: ReplyOptions): void {
  const { reply_markup, reply_parameters, ...shared } = options
  // Entities say where they begin in the whole text.
  const parts = options.entities ? [text] : messageParts(text, options.parse_mode)
  for (const [index, part] of parts.entries()) {
    incoming.call('sendMessage', {
      chat_id: chat,
      text: part,
      ...shared,
      ...(index === 0 && reply_parameters && { reply_parameters }),
      ...(index === parts.length - 1 && reply_markup && { reply_markup }),
    })
  }
}
