/** @module The classes that handlers extend, one for each kind of update. What a handler takes is said by its statics. */
import type { IncomingCallbackQuery } from '../incoming/incoming-callback-query.ts'
import type { IncomingChosenInlineResult } from '../incoming/incoming-chosen-inline-result.ts'
import type { IncomingInlineQuery } from '../incoming/incoming-inline-query.ts'
import type { IncomingMessage } from '../incoming/incoming-message.ts'
import type { IncomingPoll } from '../incoming/incoming-poll.ts'
import type { IncomingPollAnswer } from '../incoming/incoming-poll-answer.ts'
import type { IncomingPreCheckoutQuery } from '../incoming/incoming-pre-checkout-query.ts'
import type { IncomingShippingQuery } from '../incoming/incoming-shipping-query.ts'
import type { IncomingUpdate } from '../incoming/incoming-update.ts'

/** What all of them have in common. */
export abstract class Handler<T extends IncomingUpdate = IncomingUpdate> {
  /** A static says it: as a field it would be made with each object, and the handler would take every update of its kind. */
  declare readonly commands?: never
  /** A static says it: as a field it would keep nobody away. */
  declare readonly allowedFor?: never

  /** Runs as the unit of work of the update: what it changed is committed, then what it queued is sent. */
  abstract handle(incoming: T): unknown
}

/**
 * Takes messages. Its statics are the options of `HandlerOptions`, and are checked when the bot starts: `commands`,
 * `description`, `text`, `content`, `chats`, `state`, `filter`, `allowedFor`, `limit`.
 *
 * @example
 * ```ts
 * import { type IncomingMessage, MessageHandler } from 'limber/bot'
 *
 * export class CreateProfile extends MessageHandler {
 *   static commands = ['create_profile']
 *   static description = 'Create your profile'
 *   static chats = ['private']
 *
 *   async handle(message: IncomingMessage) {
 *     message.reply(`Welcome, ${message.from?.first_name}.`)
 *   }
 * }
 * ```
 */
export abstract class MessageHandler extends Handler<IncomingMessage> {}

/** Takes messages that were changed. */
export abstract class EditedMessageHandler extends Handler<IncomingMessage> {}

/** Takes posts of channels. */
export abstract class ChannelPostHandler extends Handler<IncomingMessage> {}

/** Takes posts of channels that were changed. */
export abstract class EditedChannelPostHandler extends Handler<IncomingMessage> {}

/** Takes presses of buttons; `static data` says of which. What it leaves unanswered is answered without a text. */
export abstract class CallbackQueryHandler extends Handler<IncomingCallbackQuery> {}

/** Takes what is written behind the name of the bot in other chats. */
export abstract class InlineQueryHandler extends Handler<IncomingInlineQuery> {}

/** Takes the results of inline queries that were sent. */
export abstract class ChosenInlineResultHandler extends Handler<IncomingChosenInlineResult> {}

/** Takes addresses to ship to. */
export abstract class ShippingQueryHandler extends Handler<IncomingShippingQuery> {}

/** Takes the last question before somebody pays. */
export abstract class PreCheckoutQueryHandler extends Handler<IncomingPreCheckoutQuery> {}

/** Takes new standings of polls. */
export abstract class PollHandler extends Handler<IncomingPoll> {}

/** Takes votes in polls. */
export abstract class PollAnswerHandler extends Handler<IncomingPollAnswer> {}

/**
 * Takes updates of the kinds in its `static kinds`: those that have no class of their own here.
 *
 * @example
 * ```ts
 * import { type IncomingUpdate, UpdateHandler } from 'limber/bot'
 *
 * export class Blocked extends UpdateHandler {
 *   static kinds = ['my_chat_member']
 *
 *   handle(incoming: IncomingUpdate) {
 *     const status = incoming.update.my_chat_member?.new_chat_member.status
 *     return status === 'kicked'
 *   }
 * }
 * ```
 */
export abstract class UpdateHandler extends Handler {}
