/** @module limber/bot: bots that commit what an update did before they answer it. */

export * from '../application/update-stores/errors.ts'
export {
  type AccessList,
  BotAccess,
  type KeptIn,
  type ListedMember,
  type ListedRule,
} from './access/bot-access.ts'
export * from './access/errors.ts'
export { Bot } from './bot.ts'
export { type BotConfig, defineBot, type WebhookConfig } from './bot-config.ts'
export { BotKernel } from './bot-kernel.ts'
export { BotServiceProvider } from './bot-service-provider.ts'
export { Conversation, type Step } from './conversations/conversation.ts'
export * from './conversations/errors.ts'
export * from './errors.ts'
export {
  allowedFor,
  type CallbackQueryOptions,
  type ChosenInlineResultOptions,
  type CommandOptions,
  callbackQuery,
  channelPost,
  chosenInlineResult,
  command,
  editedChannelPost,
  editedMessage,
  type HandlerDecorator,
  type InlineQueryOptions,
  inlineQuery,
  type KindOptions,
  type MessageOptions,
  message,
  poll,
  pollAnswer,
  preCheckoutQuery,
  rateLimit,
  shippingQuery,
  type UpdateOptions,
  update,
} from './handlers/decorators.ts'
export * from './handlers/errors.ts'
export {
  CallbackQueryHandler,
  ChannelPostHandler,
  ChosenInlineResultHandler,
  EditedChannelPostHandler,
  EditedMessageHandler,
  InlineQueryHandler,
  MessageHandler,
  PollAnswerHandler,
  PollHandler,
  PreCheckoutQueryHandler,
  ShippingQueryHandler,
  UpdateHandler,
} from './handlers/handler-classes.ts'
export type { HandlerLimit, HandlerOptions, Role, TextPattern } from './handlers/handler-options.ts'
export type { HandlerTable } from './handlers/handler-table.ts'
export type { RegisteredHandler } from './handlers/registered-handler.ts'
export * from './incoming/errors.ts'
export {
  type CallbackAnswerOptions,
  type EditOptions,
  IncomingCallbackQuery,
} from './incoming/incoming-callback-query.ts'
export { IncomingChosenInlineResult } from './incoming/incoming-chosen-inline-result.ts'
export {
  IncomingInlineQuery,
  type InlineAnswerOptions,
  type InlineResults,
} from './incoming/incoming-inline-query.ts'
export { IncomingMessage } from './incoming/incoming-message.ts'
export { IncomingPoll } from './incoming/incoming-poll.ts'
export { IncomingPollAnswer } from './incoming/incoming-poll-answer.ts'
export { IncomingPreCheckoutQuery } from './incoming/incoming-pre-checkout-query.ts'
export { IncomingShippingQuery } from './incoming/incoming-shipping-query.ts'
export { IncomingUpdate } from './incoming/incoming-update.ts'
export type { SentCommand } from './incoming/read-command.ts'
export type { ReplyOptions } from './incoming/send-parts.ts'
export type { BotMiddleware } from './middleware.ts'
export * from './polling/errors.ts'
export type { BotMethod, BotPayload } from './replies/replies.ts'
export type { ChatState, StateData } from './state/chat-state.ts'
export * from './state/errors.ts'
export * from './texts/errors.ts'
export { escapeHtml } from './texts/escape-html.ts'
export * from './transport/errors.ts'
export type { BotTransport } from './transport/transport.ts'
export * from './webhook/errors.ts'
