/** @module limber bot webhook delete: has the Bot API post updates no more. */
import type { Api } from 'grammy'
import { inject, injectable } from 'inversify'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { maskSecrets } from '../../support/mask-secrets.ts'
import type { BotTransport } from '../transport/transport.ts'
import { WebhookRegistration } from '../webhook/webhook-registration.ts'
import { webhookDelete } from './definitions.ts'

@injectable()
export class WebhookDeleteCommand implements Command<typeof webhookDelete> {
  static readonly definition = webhookDelete

  constructor(
    @inject('bot.api') private readonly api: Api,
    @inject('bot.transport') private readonly transport: BotTransport,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof webhookDelete>): Promise<void> {
    const { dryRun, dropPending } = options
    const registration = new WebhookRegistration(this.api, this.transport.apiRoot)
    const { url = '', pending_update_count: pending } = await registration.info()
    if (url === '' && !dropPending) return this.output.line('The Bot API posts no updates of this bot.')
    const where = url === '' ? 'nowhere' : maskSecrets(url)
    const fate = dropPending ? 'forgotten' : 'kept'
    const what = `The Bot API posted to ${where}; updates that wait: ${pending}`
    if (dryRun) return this.output.line(`${what}. They would be ${fate}, and none posted any more.`)
    await registration.delete({ dropPending })
    this.output.line(`${what}. They are ${fate}, and none is posted any more.`)
  }
}
