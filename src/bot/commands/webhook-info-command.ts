/** @module limber bot webhook info: says where updates are posted, and what went wrong last. */
import type { Api } from 'grammy'
import type { WebhookInfo } from 'grammy/types'
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { maskSecrets } from '../../support/mask-secrets.ts'
import type { BotTransport } from '../transport/transport.ts'
import { webhookUrl } from '../webhook/bot-webhook.ts'
import { WebhookRegistration } from '../webhook/webhook-registration.ts'
import { webhookInfo } from './definitions.ts'

@injectable()
export class WebhookInfoCommand implements Command<typeof webhookInfo> {
  static readonly definition = webhookInfo

  constructor(
    @inject('app') private readonly app: Application,
    @inject('bot.api') private readonly api: Api,
    @inject('bot.transport') private readonly transport: BotTransport,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof webhookInfo>): Promise<void> {
    const told = await new WebhookRegistration(this.api, this.transport.apiRoot).info()
    const { webhook } = this.app.config.get('bot')
    const facts = describe(told, webhook ? webhookUrl(webhook) : null)
    if (options.json) return this.output.json(facts)
    const { url, configured, waiting, kinds, lastError } = facts
    this.output.table(
      ['what', 'value'],
      [
        ['posted to', url ?? 'nowhere'],
        ['in config/bot.ts', configured ?? 'none'],
        ['updates that wait', waiting],
        ['kinds', kinds?.join(', ') ?? 'every kind that is usual'],
        ['last error', lastError ? `${lastError.at}: ${lastError.message}` : 'none'],
      ],
    )
    if (url !== configured)
      this.output.line(`They differ. Run: limber bot webhook ${configured === null ? 'delete' : 'set'}`)
  }
}

function describe(told: WebhookInfo, configured: string | null) {
  const { url = '', last_error_date: at, last_error_message: message } = told
  return {
    url: url === '' ? null : maskSecrets(url),
    configured,
    waiting: told.pending_update_count,
    connections: told.max_connections ?? null,
    kinds: told.allowed_updates ?? null,
    lastError:
      at === undefined
        ? null
        : { at: new Date(1000 * at).toISOString(), message: maskSecrets(message ?? '') },
  }
}
