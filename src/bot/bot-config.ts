/** @module The `bot` section of the configuration. */
import type { Lazy } from '../application/define-app.ts'
import type { RateLimit } from '../application/ports/rate-limiter.ts'

/** What holds where `config/bot.ts` says nothing. Times are in milliseconds. */
export const BOT_DEFAULTS = {
  apiRoot: 'https://api.telegram.org',
  flood: { max: 30, window: 10_000 },
  concurrency: 32,
  replyFor: 3_600_000,
  drainTimeout: 10_000,
  webhookPath: '/bot/updates',
} as const satisfies Readonly<Record<string, string | number | RateLimit>>

export interface BotConfig {
  /** What BotFather gives. It is a secret. */
  readonly token: string
  /** Where the Bot API is; default `https://api.telegram.org`. */
  readonly apiRoot?: string
  /** The handlers of the application, each a class or a function that imports it. Modules bring their own. */
  readonly handlers?: readonly Lazy[]
  /** Classes that every update passes through, the first one outermost. */
  readonly middleware?: readonly Lazy[]
  /** The ids of the users who have the role `owner`. */
  readonly owners?: readonly number[]
  /** Roles of the application's own, with the ids of those who have them; more are kept in the database. */
  readonly roles?: Readonly<Record<string, readonly number[]>>
  /** Who may use a command, whatever its handler says: `{ ban: ['chat_admins'] }`. A rule in the database is stronger. */
  readonly rules?: Readonly<Record<string, readonly string[]>>
  /** How many updates one user may send; default: 30 in 10 seconds. False counts nothing. */
  readonly flood?: RateLimit | false
  /** How many chats are served at once; default 32. */
  readonly concurrency?: number
  /** The language of texts for users whose own has none; default `en`. */
  readonly language?: string
  /** Have updates posted to the HTTP kernel in place of asking for them. */
  readonly webhook?: WebhookConfig
  /** How long replies are tried that could not be sent, in milliseconds; default: one hour. */
  readonly replyFor?: number
  /** How long a stop waits for updates that are being handled, in milliseconds; default 10,000. */
  readonly drainTimeout?: number
  /** Whether the list of commands is published when the bot starts; default true. */
  readonly publishCommands?: boolean
}

export interface WebhookConfig {
  /** Where clients reach the application: `https://bot.example.com`. */
  readonly url: string
  /** Its path there; default `/bot/updates`. */
  readonly path?: string
  /** What the Bot API has to send along: 1 to 256 letters, digits, `_` and `-`. It is a secret. */
  readonly secret: string
}

declare module '../config/config.ts' {
  interface ConfigSections {
    bot: BotConfig
  }
}

/**
 * Defines the bot in `config/bot.ts`.
 *
 * @example
 * ```ts
 * import { env } from 'limber'
 * import { defineBot } from 'limber/bot'
 *
 * export default defineBot({ token: env.string('BOT_TOKEN', '') })
 * ```
 */
export function defineBot(config: BotConfig): BotConfig {
  return config
}
