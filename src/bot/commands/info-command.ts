/** @module limber bot info: says which bot this is. */
import type { Api } from 'grammy'
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import type { Bot } from '../bot.ts'
import { askApi } from '../transport/ask-api.ts'
import type { BotTransport } from '../transport/transport.ts'
import { webhookUrl } from '../webhook/bot-webhook.ts'
import { botInfo } from './definitions.ts'
import { loadedTable } from './loaded-table.ts'

@injectable()
export class InfoCommand implements Command<typeof botInfo> {
  static readonly definition = botInfo

  constructor(
    @inject('app') private readonly app: Application,
    @inject('bot') private readonly bot: Bot,
    @inject('bot.api') private readonly api: Api,
    @inject('bot.transport') private readonly transport: BotTransport,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof botInfo>): Promise<void> {
    const { apiRoot } = this.transport
    const me = await askApi('getMe', apiRoot, () => this.api.getMe())
    const { handlers } = await loadedTable(this.app, this.bot)
    const { webhook } = this.app.config.get('bot')
    const facts = {
      id: me.id,
      username: me.username,
      name: me.first_name,
      apiRoot,
      mode: webhook ? 'webhook' : 'polling',
      url: webhook ? webhookUrl(webhook) : null,
      handlers: handlers.length,
      commands: new Set(handlers.flatMap((handler) => handler.options.commands ?? [])).size,
    }
    if (options.json) return this.output.json(facts)
    const { mode, url } = facts
    this.output.table(
      ['what', 'value'],
      [
        ['bot', `@${facts.username} (${facts.name}, ${facts.id})`],
        ['Bot API', apiRoot],
        ['updates by', url === null ? mode : `${mode}: ${url}`],
        ['handlers', facts.handlers],
        ['commands', facts.commands],
      ],
    )
  }
}
