/** @module What can go wrong with who may do what. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'
import { suggest } from '../../support/suggest.ts'

export class BotForbiddenError extends LimberError {
  readonly code = 'LIMBER_BOT_FORBIDDEN'
  readonly kind: ErrorKind = 'forbidden'

  /** @param roles one of which would do */
  constructor(handler: string, roles: readonly string[]) {
    super(`${handler} is for ${roles.join(', ') || 'nobody'} only.`, {
      path: [handler],
      hint: 'Give the user one of these roles, or let others use the command: limber bot allow.',
      publicMessage: 'You may not do this.',
    })
  }
}

export class BotLimitError extends LimberError {
  readonly code = 'LIMBER_BOT_LIMIT'
  readonly kind: ErrorKind = 'too-many'
  /** How long until it may happen again, in milliseconds. */
  readonly retryAfter: number

  /** @param retryAfter in milliseconds */
  constructor(handler: string, max: number, retryAfter: number) {
    const seconds = Math.max(1, Math.ceil(retryAfter / 1000))
    const hint = `Try again in ${seconds === 1 ? '1 second' : `${seconds} seconds`}.`
    super(`${handler} may be used ${max === 1 ? 'once' : `${max} times`}, and it was more often.`, {
      path: [handler],
      hint,
      publicMessage: `That was too often. ${hint}`,
    })
    this.retryAfter = retryAfter
  }
}

export class BotLimiterMissingError extends LimberError {
  readonly code = 'LIMBER_BOT_LIMITER_MISSING'
  readonly kind: ErrorKind = 'internal'

  /** @param what has a limit: `flood in config/bot.ts`, `Profile` */
  constructor(what: string) {
    super(`Nothing counts updates, and ${what} has a limit.`, {
      path: [what],
      hint: 'Add CacheServiceProvider of limber/cache to "providers" in config/app.ts; or set flood: false in config/bot.ts, and leave limits out.',
    })
  }
}

export class UnknownRoleError extends LimberError {
  readonly code = 'LIMBER_UNKNOWN_ROLE'
  readonly kind: ErrorKind = 'invalid'

  /** @param place what names it: `allowedFor of Ban` */
  constructor(role: string, place: string, known: readonly string[]) {
    const near = suggest(role, known)
    super(`There is no role "${role}" (${place}).`, {
      path: [place],
      hint: near
        ? `Did you mean "${near}"?`
        : `There is ${known.join(', ')}; roles in config/bot.ts adds more: roles: { ${isWord(role) ? role : 'moderator'}: [] }.`,
    })
  }
}

export class FixedRoleError extends LimberError {
  readonly code = 'LIMBER_FIXED_ROLE'
  readonly kind: ErrorKind = 'invalid'

  constructor(role: string) {
    super(`Nobody can be given the role "${role}", nor have it taken away.`, {
      hint:
        role === 'owner'
          ? 'Write the id of the user in owners of config/bot.ts.'
          : 'Who has it is asked of the chat: make the user an administrator there.',
    })
  }
}

export class InvalidRuleError extends LimberError {
  readonly code = 'LIMBER_INVALID_RULE'
  readonly kind: ErrorKind = 'invalid'

  constructor(message: string, hint: string) {
    super(message, { hint })
  }
}

export class RulesNotKeptError extends LimberError {
  readonly code = 'LIMBER_RULES_NOT_KEPT'
  readonly kind: ErrorKind = 'internal'

  constructor(call: string) {
    super(`${call} was called, and there is no database that keeps it.`, {
      hint: 'Write it in rules or roles of config/bot.ts; or add DatabaseServiceProvider of limber/database to "providers" in config/app.ts.',
    })
  }
}

export class ChatMemberUnknownError extends LimberError {
  readonly code = 'LIMBER_CHAT_MEMBER_UNKNOWN'
  readonly kind: ErrorKind = 'unavailable'

  constructor(cause: unknown) {
    super('The Bot API did not say who the administrators of a chat are.', {
      hint: 'Nothing was done; the update is brought again.',
      cause,
    })
  }
}

function isWord(role: string): boolean {
  return /^[\w-]{1,32}$/.test(role)
}
