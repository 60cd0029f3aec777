/** @module A button under a message that somebody pressed, on its way to a handler. */
import type { CallbackQuery } from 'grammy/types'
import type { BotPayload } from '../replies/replies.ts'
import { UpdateWithoutMessageError } from './errors.ts'
import type { IncomingFacts } from './incoming-facts.ts'
import { IncomingUpdate } from './incoming-update.ts'
import { sameTopic } from './same-topic.ts'
import { type ReplyOptions, sendParts } from './send-parts.ts'

/** What `answerCallbackQuery` takes besides the query and the text, such as `show_alert`. */
export type CallbackAnswerOptions = Omit<BotPayload<'answerCallbackQuery'>, 'callback_query_id' | 'text'>

/** What `editMessageText` takes besides the message and the text, such as `reply_markup`. */
export type EditOptions = Omit<
  BotPayload<'editMessageText'>,
  'chat_id' | 'message_id' | 'inline_message_id' | 'text' | 'rich_message'
>

export class IncomingCallbackQuery extends IncomingUpdate {
  readonly payload: CallbackQuery

  constructor(facts: IncomingFacts, payload: CallbackQuery) {
    super(facts)
    this.payload = payload
  }

  /** The data of the button; undefined for the button of a game. Clients choose it: check it. */
  get data(): string | undefined {
    return this.payload.data
  }

  /**
   * Ends the waiting that the client shows, and shows a text over the chat, once the unit of work is committed. A query that
   * nothing answers is answered without a text.
   *
   * @param text at most 200 characters
   * @throws {ReplyLimitError} for a longer one
   */
  answer(text?: string, options: CallbackAnswerOptions = {}): void {
    const shown = text === undefined ? {} : { text }
    this.call('answerCallbackQuery', { callback_query_id: this.payload.id, ...shown, ...options })
  }

  /**
   * Changes the text of the message with the button, once the unit of work is committed.
   *
   * @throws {UpdateWithoutMessageError} where the query came without one
   * @throws {ReplyLimitError} for more than 4096 characters, which cannot be split here
   */
  edit(text: string, options: EditOptions = {}): void {
    this.call('editMessageText', { ...this.#place(), text, ...options })
  }

  /**
   * Sends a message to the chat of the button, and the same topic, once the unit of work is committed.
   *
   * @throws {UpdateWithoutMessageError} where the message was sent in inline mode: the bot does not know its chat
   */
  reply(text: string, options: ReplyOptions = {}): void {
    const { message } = this.payload
    if (!message) {
      const hint = `Send it to the user: incoming.call('sendMessage', { chat_id: incoming.payload.from.id, text }).`
      throw new UpdateWithoutMessageError('reply()', hint)
    }
    sendParts(this, message.chat.id, text, { ...sameTopic(message), ...options })
  }

  #place() {
    const { message, inline_message_id } = this.payload
    if (message) return { chat_id: message.chat.id, message_id: message.message_id }
    if (inline_message_id !== undefined) return { inline_message_id }
    throw new UpdateWithoutMessageError('edit()', 'Answer the query: there is nothing to edit.')
  }
}
