/** @module Takes the updates that the Bot API posts. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Webhook, WebhookHeaders } from '../../application/ports/webhook.ts'
import { BOT_DEFAULTS, type WebhookConfig } from '../bot-config.ts'
import { WebhookBodyError, WebhookSecretError } from './errors.ts'

const SECRET_HEADER = 'x-telegram-bot-api-secret-token'
/** Updates are some KiB at most. */
const BODY_LIMIT = 2 ** 20

/** Handles one update; it rejects only for what should come again, or cannot be read. */
export interface UpdateTaker {
  handle(update: unknown): Promise<unknown>
}

export class BotWebhook implements Webhook {
  readonly path: string
  readonly bodyLimit = BODY_LIMIT
  readonly #secret: Buffer
  readonly #bot: UpdateTaker

  constructor(config: WebhookConfig, bot: UpdateTaker) {
    this.path = config.path ?? BOT_DEFAULTS.webhookPath
    this.#secret = digest(config.secret)
    this.#bot = bot
  }

  admit(headers: WebhookHeaders): void {
    const given = headers[SECRET_HEADER]
    // Digests are equally long, so that comparing them takes the same time whatever is sent.
    const isRight = typeof given === 'string' && given !== '' && timingSafeEqual(digest(given), this.#secret)
    if (!isRight) throw new WebhookSecretError(given !== undefined)
  }

  async take(body: string): Promise<void> {
    await this.#bot.handle(parse(body))
  }
}

/** Where the Bot API posts to. */
export function webhookUrl({ url, path = BOT_DEFAULTS.webhookPath }: WebhookConfig): string {
  return url.replace(/\/+$/, '') + path
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch (error) {
    throw new WebhookBodyError(error)
  }
}
