/** @module What can go wrong with a bot as a whole, and on the way of an update. */
import { type ErrorKind, type Fault, LimberError } from '../errors/limber-error.ts'

export class BotConfigMissingError extends LimberError {
  readonly code = 'LIMBER_BOT_CONFIG_MISSING'
  readonly kind: ErrorKind = 'internal'

  constructor() {
    super('There is no config/bot.ts, so nothing says which bot this is.', {
      hint: "Write one: export default defineBot({ token: env.string('BOT_TOKEN', '') }).",
    })
  }
}

export class InvalidBotConfigError extends LimberError {
  readonly code = 'LIMBER_INVALID_BOT_CONFIG'
  readonly kind: ErrorKind = 'invalid'

  /** @param faults each with the path of its option: `webhook.secret` */
  constructor(faults: readonly Fault[]) {
    super(`config/bot.ts has ${faults.length} fault${faults.length === 1 ? '' : 's'}.`, {
      faults,
      hint: 'Correct the values; docs/bots.md lists every option.',
    })
  }
}

export class BotUpdateError extends LimberError {
  readonly code = 'LIMBER_BOT_UPDATE'
  readonly kind: ErrorKind = 'malformed'

  /** @param place where in it: `update.message.chat.id` */
  constructor(place: string, expected: string, value: unknown) {
    super(`An update cannot be read: ${place} is ${shown(value)}; it has to be ${expected}.`, {
      hint: 'Look at who sends updates: the Bot API sends none like this.',
    })
  }
}

export class ReplyNotJsonError extends LimberError {
  readonly code = 'LIMBER_REPLY_NOT_JSON'
  readonly kind: ErrorKind = 'internal'

  /** @param place where in what the method is given: `media[0].media` */
  constructor(method: string, place: string, reason: string, cause?: unknown) {
    super(`"${method}" cannot wait for the commit: ${place}: ${reason}, and it is kept as JSON until then.`, {
      hint: 'Call it with incoming.api in afterCommit(), or give what JSON carries, such as the id or the URL of a file.',
      cause,
    })
  }
}

export class ReplyLimitError extends LimberError {
  readonly code = 'LIMBER_REPLY_LIMIT'
  readonly kind: ErrorKind = 'internal'

  /**
   * @param place in what the method is given: `reply_markup.inline_keyboard[0][0].callback_data`
   * @param size with its unit: `70 bytes`
   */
  constructor(method: string, place: string, size: string, most: number, hint: string) {
    super(`"${method}" would be refused: ${place} has ${size}, and ${most} are the most.`, {
      path: [method, place],
      hint,
    })
  }
}

export class ReplyTooLateError extends LimberError {
  readonly code = 'LIMBER_REPLY_TOO_LATE'
  readonly kind: ErrorKind = 'internal'

  constructor(method: string) {
    super(`"${method}" was to be called when the unit of work of its update had ended.`, {
      hint: 'Await everything that the handler begins; in afterCommit(), call it with incoming.api.',
    })
  }
}

export class BotStoppingError extends LimberError {
  readonly code = 'LIMBER_BOT_STOPPING'
  readonly kind: ErrorKind = 'unavailable'

  constructor() {
    super('The bot is stopping; this update is not handled any more, and nothing of it is kept.', {
      hint: 'Nothing has to be done: the update comes again when the bot runs.',
    })
  }
}

export class BotNextError extends LimberError {
  readonly code = 'LIMBER_BOT_NEXT'
  readonly kind: ErrorKind = 'internal'

  /** @param when `twice` */
  constructor(middleware: string, when: string) {
    super(`The middleware ${middleware} called next() ${when}.`, {
      path: [middleware],
      hint: 'Call it once, and await it: await next().',
    })
  }
}

export class BotMiddlewareError extends LimberError {
  readonly code = 'LIMBER_BOT_MIDDLEWARE'
  readonly kind: ErrorKind = 'internal'

  constructor(entry: string, reason: string, cause?: unknown) {
    super(`${entry} in middleware of config/bot.ts cannot be used: ${reason}`, {
      path: [entry],
      hint: 'List classes with a method handle(incoming, next), or functions that import their files.',
      cause,
    })
  }
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `"${value.slice(0, 40)}"`
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object'
  return typeof value === 'function' ? 'a function' : String(value)
}
