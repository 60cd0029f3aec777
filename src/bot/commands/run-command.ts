/** @module limber bot run: asks for updates until somebody wants it to stop, or an error is left that nobody handled. */
import type { Api } from 'grammy'
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command } from '../../console/command.ts'
import { exitCodes } from '../../console/exit-codes.ts'
import type { Output } from '../../console/output.ts'
import { stopSignal } from '../../console/stop-signal.ts'
import { unhandledFault } from '../../console/unhandled-fault.ts'
import { maskSecrets } from '../../support/mask-secrets.ts'
import type { Bot } from '../bot.ts'
import type { BotKernel } from '../bot-kernel.ts'
import { WebhookConfiguredError, WebhookInUseError } from '../polling/errors.ts'
import type { BotTransport } from '../transport/transport.ts'
import { webhookUrl } from '../webhook/bot-webhook.ts'
import { WebhookRegistration } from '../webhook/webhook-registration.ts'
import { botRun } from './definitions.ts'

@injectable()
export class RunCommand implements Command<typeof botRun> {
  static readonly definition = botRun

  constructor(
    @inject('app') private readonly app: Application,
    @inject('bot') private readonly bot: Bot,
    @inject('bot.kernel') private readonly kernel: BotKernel,
    @inject('bot.api') private readonly api: Api,
    @inject('bot.transport') private readonly transport: BotTransport,
    @inject('output') private readonly output: Output,
  ) {}

  /** @throws {WebhookConfiguredError} @throws {WebhookInUseError} @throws {BotTokenError} */
  async run(): Promise<number> {
    await this.#refuseWebhook()
    await this.app.run(this.kernel)
    // Before the line: whoever waits for it may send the signal at once.
    const stopped = stopSignal().then(() => exitCodes.ok)
    const failed = unhandledFault().then((fault) => {
      this.app.make('log').fatal({ err: fault }, 'Stopping after an error that nobody handled.')
      return exitCodes.failure
    })
    // Why has been logged.
    const ended = this.kernel.ended().then(() => exitCodes.failure)
    this.output.line(`Polling as @${this.bot.me.username}`)
    return Promise.race([stopped, failed, ended])
  }

  async #refuseWebhook(): Promise<void> {
    const { webhook } = this.app.config.get('bot')
    if (webhook) throw new WebhookConfiguredError(webhookUrl(webhook))
    const { url = '' } = await new WebhookRegistration(this.api, this.transport.apiRoot).info()
    if (url !== '') throw new WebhookInUseError(maskSecrets(url))
  }
}
