/** @module limber bot webhook set: has the Bot API post updates. */
import type { Api } from 'grammy'
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import type { Bot } from '../bot.ts'
import type { BotTransport } from '../transport/transport.ts'
import { WebhookRegistration, wantedWebhook } from '../webhook/webhook-registration.ts'
import { webhookSet } from './definitions.ts'
import { loadedTable } from './loaded-table.ts'

@injectable()
export class WebhookSetCommand implements Command<typeof webhookSet> {
  static readonly definition = webhookSet

  constructor(
    @inject('app') private readonly app: Application,
    @inject('bot') private readonly bot: Bot,
    @inject('bot.api') private readonly api: Api,
    @inject('bot.transport') private readonly transport: BotTransport,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof webhookSet>): Promise<void> {
    const { dryRun, dropPending } = options
    const { kinds: wantedKinds } = await loadedTable(this.app, this.bot)
    const wanted = wantedWebhook(this.app.config.get('bot'), wantedKinds)
    const kinds = wanted.allowed_updates.join(', ') || 'every kind that is usual'
    const dropped = dropPending ? ', and to forget the updates that wait' : ''
    const what = `to post updates to ${wanted.url} (${kinds})${dropped}`
    if (dryRun) return this.output.line(`Would tell the Bot API ${what}.`)
    await new WebhookRegistration(this.api, this.transport.apiRoot).set(wanted, { dropPending })
    this.output.line(`Told the Bot API ${what}.`)
  }
}
