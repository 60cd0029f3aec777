/** @module What can be wrong when updates are asked for. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'

export class PollingConflictError extends LimberError {
  readonly code = 'LIMBER_POLLING_CONFLICT'
  readonly kind: ErrorKind = 'conflict'

  /** @param answer what the Bot API says */
  constructor(answer: string) {
    super(`The updates of this bot go to somebody else: ${answer}.`, {
      hint: 'Let one process poll: stop the others; when a webhook is set, run: limber bot webhook delete.',
    })
  }
}

export class WebhookInUseError extends LimberError {
  readonly code = 'LIMBER_WEBHOOK_IN_USE'
  readonly kind: ErrorKind = 'conflict'

  /** @param url the webhook that the Bot API posts to */
  constructor(url: string) {
    super(`The Bot API posts the updates of this bot to ${url}, so that none can be asked for.`, {
      hint: 'Run: limber bot webhook delete. To go on with the webhook, run limber serve instead.',
    })
  }
}

export class WebhookConfiguredError extends LimberError {
  readonly code = 'LIMBER_WEBHOOK_CONFIGURED'
  readonly kind: ErrorKind = 'conflict'

  /** @param url where config/bot.ts has updates posted to */
  constructor(url: string) {
    super(`config/bot.ts has the updates of this bot posted to ${url}, so that it does not ask for any.`, {
      hint: 'Run: limber serve. To ask for updates instead, take "webhook" out of config/bot.ts.',
    })
  }
}
