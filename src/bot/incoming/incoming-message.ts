/** @module A message on its way to a handler: new or edited, of a chat or a channel. */
import type { Message } from 'grammy/types'
import type { IncomingFacts } from './incoming-facts.ts'
import { IncomingUpdate } from './incoming-update.ts'
import { readCommand, type SentCommand } from './read-command.ts'
import { sameTopic } from './same-topic.ts'
import { type ReplyOptions, sendParts } from './send-parts.ts'

export class IncomingMessage extends IncomingUpdate {
  readonly payload: Message
  readonly #command: SentCommand | undefined

  constructor(facts: IncomingFacts, payload: Message) {
    super(facts)
    this.payload = payload
    this.#command = readCommand(this.text ?? '', facts.me.username)
  }

  /** The text, or the caption of a picture or a file; undefined where there is neither. */
  get text(): string | undefined {
    return this.payload.text ?? this.payload.caption
  }

  /** The command that the text begins with: `/points@this_bot add 3` is `points` with `add 3`. */
  get command(): SentCommand | undefined {
    return this.#command
  }

  /**
   * Sends a message to the same chat, and the same topic, once the unit of work is committed. What is too long for one comes in
   * several, split at paragraphs, lines or words; the last one has the keyboard.
   *
   * @param options such as `parse_mode`, or `reply_parameters` for a reply that quotes
   *
   * @example
   * ```ts
   * import { type IncomingMessage, MessageHandler } from 'limber/bot'
   *
   * export class Start extends MessageHandler {
   *   static commands = ['start']
   *
   *   handle(message: IncomingMessage) {
   *     message.reply('<b>Welcome</b>', { parse_mode: 'HTML' })
   *   }
   * }
   * ```
   */
  reply(text: string, options: ReplyOptions = {}): void {
    const { payload } = this
    sendParts(this, payload.chat.id, text, { ...sameTopic(payload), ...options })
  }
}
