/** @module How the Bot API is reached. */

/** Bound as `bot.transport`; a test puts another one in its place. */
export interface BotTransport {
  /** Where the methods are: `https://api.telegram.org`. */
  readonly apiRoot: string
  /** What sends requests; default: the client of grammy. */
  readonly fetch?: typeof globalThis.fetch
}

declare module '../../container/services.ts' {
  interface Services {
    'bot.transport': BotTransport
  }
}
