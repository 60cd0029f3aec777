/** @module Decorators that make methods of a class handlers, also methods of the provider of a module. */
import type { IncomingCallbackQuery } from '../incoming/incoming-callback-query.ts'
import type { IncomingChosenInlineResult } from '../incoming/incoming-chosen-inline-result.ts'
import type { IncomingInlineQuery } from '../incoming/incoming-inline-query.ts'
import type { IncomingMessage } from '../incoming/incoming-message.ts'
import type { IncomingPoll } from '../incoming/incoming-poll.ts'
import type { IncomingPollAnswer } from '../incoming/incoming-poll-answer.ts'
import type { IncomingPreCheckoutQuery } from '../incoming/incoming-pre-checkout-query.ts'
import type { IncomingShippingQuery } from '../incoming/incoming-shipping-query.ts'
import type { IncomingUpdate } from '../incoming/incoming-update.ts'
import type { AnyUpdateKind } from '../updates/update-kind.ts'
import type { HandlerLimit, HandlerOptions, Role } from './handler-options.ts'
import { type MethodKey, marksOf } from './method-marks.ts'

/** Stands above a method that takes what the handler is given, or nothing. */
export type HandlerDecorator<T extends IncomingUpdate> = <Method extends (incoming: T) => unknown>(
  owner: object,
  name: MethodKey,
  method: TypedPropertyDescriptor<Method>,
) => void

/** What a decorator is told of one kind of update: these options, and a filter that is given that kind. */
export interface KindOptions<T extends IncomingUpdate> {
  /** Whatever else has to be true. It runs outside of any unit of work. */
  readonly filter?: (incoming: T) => boolean | Promise<boolean>
}
type Of<T extends IncomingUpdate, Name extends keyof HandlerOptions> = KindOptions<T> &
  Pick<HandlerOptions, Name>

export type MessageOptions = Of<IncomingMessage, 'text' | 'content' | 'chats' | 'state'>
export type CommandOptions = MessageOptions & Pick<HandlerOptions, 'description'>
export type CallbackQueryOptions = Of<IncomingCallbackQuery, 'data' | 'chats' | 'state'>
export type InlineQueryOptions = Of<IncomingInlineQuery, 'query'>
export type ChosenInlineResultOptions = Of<IncomingChosenInlineResult, 'query'>
export type UpdateOptions = Of<IncomingUpdate, 'chats' | 'state'>

/**
 * Takes messages with a command.
 *
 * @param names without slash, one or several
 *
 * @example
 * ```ts
 * import { injectable } from 'limber'
 * import { allowedFor, command, type IncomingMessage, rateLimit } from 'limber/bot'
 *
 * @injectable()
 * export class Points {
 *   @command('points', { description: 'Show your points' })
 *   show(message: IncomingMessage) {
 *     message.reply('You have 3 points.')
 *   }
 *
 *   @command('reset', { chats: ['group', 'supergroup'] })
 *   @allowedFor('chat_admins')
 *   @rateLimit({ max: 1, window: 60_000, per: 'chat' })
 *   reset(message: IncomingMessage) {
 *     message.reply(`Done: ${message.command?.args}`)
 *   }
 * }
 * ```
 */
export function command(
  names: string | readonly string[],
  options: CommandOptions = {},
): HandlerDecorator<IncomingMessage> {
  return taking(['message'], { ...options, commands: typeof names === 'string' ? [names] : names })
}

/** Takes messages. */
export function message(options: MessageOptions = {}): HandlerDecorator<IncomingMessage> {
  return taking(['message'], options)
}

/** Takes messages that were changed. */
export function editedMessage(options: MessageOptions = {}): HandlerDecorator<IncomingMessage> {
  return taking(['edited_message'], options)
}

/** Takes posts of channels. */
export function channelPost(options: MessageOptions = {}): HandlerDecorator<IncomingMessage> {
  return taking(['channel_post'], options)
}

/** Takes posts of channels that were changed. */
export function editedChannelPost(options: MessageOptions = {}): HandlerDecorator<IncomingMessage> {
  return taking(['edited_channel_post'], options)
}

/** Takes presses of buttons. */
export function callbackQuery(options: CallbackQueryOptions = {}): HandlerDecorator<IncomingCallbackQuery> {
  return taking(['callback_query'], options)
}

/** Takes what is written behind the name of the bot in other chats. */
export function inlineQuery(options: InlineQueryOptions = {}): HandlerDecorator<IncomingInlineQuery> {
  return taking(['inline_query'], options)
}

/** Takes the results of inline queries that were sent. */
export function chosenInlineResult(
  options: ChosenInlineResultOptions = {},
): HandlerDecorator<IncomingChosenInlineResult> {
  return taking(['chosen_inline_result'], options)
}

/** Takes addresses to ship to. */
export function shippingQuery(
  options: KindOptions<IncomingShippingQuery> = {},
): HandlerDecorator<IncomingShippingQuery> {
  return taking(['shipping_query'], options)
}

/** Takes the last question before somebody pays. */
export function preCheckoutQuery(
  options: KindOptions<IncomingPreCheckoutQuery> = {},
): HandlerDecorator<IncomingPreCheckoutQuery> {
  return taking(['pre_checkout_query'], options)
}

/** Takes new standings of polls. */
export function poll(options: KindOptions<IncomingPoll> = {}): HandlerDecorator<IncomingPoll> {
  return taking(['poll'], options)
}

/** Takes votes in polls. */
export function pollAnswer(
  options: KindOptions<IncomingPollAnswer> = {},
): HandlerDecorator<IncomingPollAnswer> {
  return taking(['poll_answer'], options)
}

/** Takes updates of other kinds: `@update(['my_chat_member'])`. */
export function update(
  kinds: readonly AnyUpdateKind[],
  options: UpdateOptions = {},
): HandlerDecorator<IncomingUpdate> {
  return taking(kinds, options)
}

/** Lets only these roles use the handlers of a method, one of which is enough. A rule that is kept for a command is stronger. */
export function allowedFor(...roles: readonly [Role, ...Role[]]) {
  return (owner: object, name: MethodKey): void => {
    marksOf(owner, name).allowedFor = roles
  }
}

/** Limits how often the handlers of a method are used. */
export function rateLimit(limit: HandlerLimit) {
  return (owner: object, name: MethodKey): void => {
    marksOf(owner, name).limit = limit
  }
}

function taking(kinds: readonly AnyUpdateKind[], options: object) {
  return (owner: object, name: MethodKey): void => {
    // Of several decorators the last one of the source is run first.
    marksOf(owner, name).handlers.unshift({ kinds, options })
  }
}
