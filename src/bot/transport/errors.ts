/** @module What can go wrong between a bot and the Bot API. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'

export class BotTokenError extends LimberError {
  readonly code = 'LIMBER_BOT_TOKEN'
  readonly kind: ErrorKind = 'invalid'

  /** @param answer what the Bot API says: `401: Unauthorized` */
  constructor(apiRoot: string, answer: string) {
    super(`${apiRoot} knows no bot with the token of config/bot.ts; it answers "${answer}".`, {
      hint: 'Take the token that BotFather shows for this bot, and give it as BOT_TOKEN; after /revoke it is another one.',
    })
  }
}

export class BotApiUnavailableError extends LimberError {
  readonly code = 'LIMBER_BOT_API_UNAVAILABLE'
  readonly kind: ErrorKind = 'unavailable'

  /** @param reason what went wrong, without the token: `connect ECONNREFUSED 127.0.0.1:8081` */
  constructor(method: string, apiRoot: string, reason: string, cause?: unknown) {
    super(`"${method}" does not come through to the Bot API at ${apiRoot}: ${reason}`, {
      hint: 'Look whether this machine reaches it, and at "apiRoot" in config/bot.ts; then try again.',
      cause,
    })
  }
}

export class BotApiRefusedError extends LimberError {
  readonly code = 'LIMBER_BOT_API_REFUSED'
  readonly kind: ErrorKind = 'invalid'

  /** @param answer what the Bot API says: `400: Bad Request: bad webhook: HTTPS url must be provided` */
  constructor(method: string, answer: string, cause?: unknown) {
    super(`The Bot API refuses "${method}": ${answer}.`, {
      hint: 'Correct what it says; nothing has been changed.',
      cause,
    })
  }
}
