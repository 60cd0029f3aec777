/** @module What can be wrong with what is posted to the webhook of a bot, and with its configuration. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'

export class WebhookSecretError extends LimberError {
  readonly code = 'LIMBER_WEBHOOK_SECRET'
  readonly kind: ErrorKind = 'unauthenticated'

  constructor(isGiven: boolean) {
    const fault = isGiven ? 'a secret that is not that of config/bot.ts' : 'no secret'
    super(`An update was posted with ${fault}, so it is not read.`, {
      hint: 'If it came from the Bot API, run: limber bot webhook set.',
      publicMessage: 'Updates are taken from the Bot API only.',
    })
  }
}

export class WebhookBodyError extends LimberError {
  readonly code = 'LIMBER_WEBHOOK_BODY'
  readonly kind: ErrorKind = 'malformed'

  constructor(cause: unknown) {
    super('What was posted as an update is not JSON.', {
      hint: 'Look at what stands between the Bot API and this application: it sends nothing like this.',
      cause,
    })
  }
}

export class WebhookNotConfiguredError extends LimberError {
  readonly code = 'LIMBER_WEBHOOK_NOT_CONFIGURED'
  readonly kind: ErrorKind = 'invalid'

  constructor() {
    super('config/bot.ts has no "webhook", so there is nothing that could be set.', {
      hint: "Add it: webhook: { url: 'https://bot.example.com', secret: env.string('BOT_WEBHOOK_SECRET', '') }.",
    })
  }
}
