/** @module limber/bot: bots that commit what an update did before they answer it. */
export { type BotConfig, defineBot, type WebhookConfig } from './bot-config.ts'
export type { HandlerLimit, HandlerOptions, Role, TextPattern } from './handlers/handler-options.ts'
export type { IncomingUpdate } from './incoming/incoming-update.ts'
export type { ChatState, StateData } from './state/chat-state.ts'
export * from './texts/errors.ts'
export type { BotTransport } from './transport/transport.ts'
