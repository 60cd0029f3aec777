/** @module What the Bot API knows of the webhook of a bot. */
import type { Api } from 'grammy'
import type { WebhookInfo } from 'grammy/types'
import { BOT_DEFAULTS, type BotConfig } from '../bot-config.ts'
import { askApi } from '../transport/ask-api.ts'
import type { AnyUpdateKind } from '../updates/update-kind.ts'
import { webhookUrl } from './bot-webhook.ts'
import { WebhookNotConfiguredError } from './errors.ts'

/** What `config/bot.ts` has the Bot API told. */
export interface WantedWebhook {
  readonly url: string
  readonly allowed_updates: readonly AnyUpdateKind[]
  readonly max_connections: number
  readonly secret_token: string
}

export interface DropOptions {
  /** Whether the updates that wait are forgotten. */
  readonly dropPending: boolean
}

/** The Bot API keeps to this number. */
const MOST_CONNECTIONS = 100

/** @throws {WebhookNotConfiguredError} */
export function wantedWebhook(config: BotConfig, kinds: readonly AnyUpdateKind[]): WantedWebhook {
  const { webhook, concurrency = BOT_DEFAULTS.concurrency } = config
  if (!webhook) throw new WebhookNotConfiguredError()
  return {
    url: webhookUrl(webhook),
    allowed_updates: kinds,
    max_connections: Math.min(concurrency, MOST_CONNECTIONS),
    secret_token: webhook.secret,
  }
}

/** Each method throws BotTokenError, BotApiRefusedError and BotApiUnavailableError. */
export class WebhookRegistration {
  readonly #api: Api
  readonly #apiRoot: string

  constructor(api: Api, apiRoot: string) {
    this.#api = api
    this.#apiRoot = apiRoot
  }

  info(): Promise<WebhookInfo> {
    return askApi('getWebhookInfo', this.#apiRoot, () => this.#api.getWebhookInfo())
  }

  async set({ url, ...wanted }: WantedWebhook, { dropPending }: DropOptions): Promise<void> {
    const facts = { ...wanted, drop_pending_updates: dropPending }
    await askApi('setWebhook', this.#apiRoot, () => this.#api.setWebhook(url, facts))
  }

  async delete({ dropPending }: DropOptions): Promise<void> {
    const facts = { drop_pending_updates: dropPending }
    await askApi('deleteWebhook', this.#apiRoot, () => this.#api.deleteWebhook(facts))
  }
}
