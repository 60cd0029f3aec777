/** @module A conversation: handlers that follow one another, each with what the ones before have learned. */
import type { IncomingMessage } from '../incoming/incoming-message.ts'
import type { StateData } from '../state/chat-state.ts'
import { ConversationOverError } from './errors.ts'
import { type Turn, turnOf } from './turn.ts'

/** A method that takes the next update of a conversation: a message, or with `@callbackQuery()` the press of a button. */
export type Step = (incoming: never) => unknown

/**
 * Asks a user several things, one update after the other. A command begins it at `handle`; `next` says which method takes the
 * next message of this user in this chat. Each step is a unit of work of its own: where it throws, the user may answer again.
 * A step that goes nowhere is asked again as well. What it has learned is kept as JSON, beside the effects of the update, and
 * survives a restart.
 *
 * A user has one conversation at a time in a chat for each module: a new one replaces it. Other commands work meanwhile.
 *
 * Its statics are those of a handler, and say who may begin it and how: `commands`, `description`, `chats`, `allowedFor`, `limit`,
 * `filter`. Besides, `cancel` names the commands that leave it, by default `cancel`; and `expiresIn` says how long it waits for the
 * next update before it is forgotten, in milliseconds, by default as long as it takes.
 *
 * @example
 * ```ts
 * import { Conversation, type IncomingMessage } from 'limber/bot'
 *
 * interface Draft {
 *   title: string
 * }
 *
 * export class NewBook extends Conversation<Draft> {
 *   static commands = ['new_book']
 *   static expiresIn = 600_000
 *
 *   handle(message: IncomingMessage) {
 *     message.reply('What is its title?')
 *     this.next('title')
 *   }
 *
 *   title(message: IncomingMessage) {
 *     if (!message.text) return message.reply('Write a title.')
 *     message.reply('Who wrote it?')
 *     this.next('author', { title: message.text })
 *   }
 *
 *   author(message: IncomingMessage) {
 *     message.reply(`Kept "${this.data.title}" of ${message.text}.`)
 *     this.end()
 *   }
 * }
 * ```
 */
export abstract class Conversation<Data extends object = StateData> {
  /** Begins it. */
  abstract handle(message: IncomingMessage): unknown

  /** What the steps before have learned. */
  protected get data(): Readonly<Partial<Data>> {
    // Of this class: its own steps have written it.
    return this.#turn('data').data as Readonly<Partial<Data>>
  }

  /**
   * Has a method take the next update.
   *
   * @param step the name of a method
   * @param data is added to what is known; a value that is undefined takes it away
   * @throws {ConversationOverError} when no step is running
   */
  protected next<S extends string>(
    this: Conversation<Data> & { readonly [K in S]: Step },
    step: S & Exclude<S, keyof Conversation>,
    data: Partial<Data> = {},
  ): void {
    const turn = this.#turn('next()')
    turn.decide({ step, data: { ...turn.data, ...data } })
  }

  /** Ends it: the next update is no business of it. @throws {ConversationOverError} when no step is running */
  protected end(): void {
    this.#turn('end()').decide('end')
  }

  #turn(call: string): Turn {
    const turn = turnOf(this)
    if (!turn) throw new ConversationOverError(this.constructor.name, call)
    return turn
  }
}
