/** @module Brings a bot to an application. Nothing is asked of the Bot API before the bot starts. */
import type { Api } from 'grammy'
import type { ModulePart } from '../application/ports/module-part.ts'
import type { StartWatch } from '../application/ports/start-watch.ts'
import type { Webhook } from '../application/ports/webhook.ts'
import { ServiceProvider } from '../application/service-provider.ts'
import { BotAccess } from './access/bot-access.ts'
import { Bot } from './bot.ts'
import { BOT_DEFAULTS, type BotConfig, type WebhookConfig } from './bot-config.ts'
import { BotKernel } from './bot-kernel.ts'
import { checkConfigAtBoot, faultsOf } from './check-config.ts'
import { BotConfigMissingError, InvalidBotConfigError } from './errors.ts'
import { HandlersPart } from './handlers/handlers-part.ts'
import { openApi } from './transport/open-api.ts'
import { BotWebhook } from './webhook/bot-webhook.ts'
import { keepStarting } from './webhook/keep-starting.ts'

declare module '../container/services.ts' {
  interface Services {
    bot: Bot
    /** The client of grammY. */
    'bot.api': Api
    'bot.kernel': BotKernel
    /** The handlers of modules. */
    'bot.modules': ModulePart
    /** Bound when `webhook` is configured. */
    'bot.webhook': Webhook
    'bot.watch': StartWatch
  }
}

/**
 * Binds `bot`, `bot.api`, `bot.access` and `bot.kernel`. List it before `ModulesServiceProvider`.
 *
 * @example
 * ```ts
 * import { defineApp } from 'limber'
 * import { BotServiceProvider } from 'limber/bot'
 * import { CacheServiceProvider } from 'limber/cache'
 * import { DatabaseServiceProvider } from 'limber/database'
 *
 * export default defineApp({
 *   name: 'game',
 *   providers: [DatabaseServiceProvider, CacheServiceProvider, BotServiceProvider],
 * })
 * ```
 */
export class BotServiceProvider extends ServiceProvider {
  readonly #stopping = new AbortController()
  /** Known once it is made: a stop makes none. */
  #bot: Bot | undefined

  override register(): void {
    const { app } = this
    const config = app.config.find('bot')
    app.singleton('bot', () => this.#makeBot())
    app.onStop((deadline) => this.#stop(deadline))
    app.singleton('bot.kernel', () => new BotKernel(app, app.make('bot')))
    app.singleton('bot.access', () => new BotAccess(app))
    app.instance('bot.transport', { apiRoot: config?.apiRoot ?? BOT_DEFAULTS.apiRoot })
    this.#bindApi(config)
    app.singleton('bot.modules', () => new HandlersPart(app, app.make('bot')))
    app.tag('module part', 'bot.modules')
    if (config?.webhook) this.#bindWebhook(config.webhook)
  }

  /** @throws {InvalidBotConfigError} */
  override boot(): void {
    const config = this.app.config.find('bot')
    if (config) checkConfigAtBoot(config)
  }

  #makeBot(): Bot {
    this.#bot = new Bot(this.app)
    return this.#bot
  }

  async #stop(deadline: number): Promise<void> {
    this.#stopping.abort()
    await this.#bot?.stop(deadline)
  }

  #bindApi(config: BotConfig | undefined): void {
    const { app } = this
    if (config?.token) {
      const { token } = config
      app.singleton('bot.api', async () => openApi(app.make('bot.transport'), token))
      return
    }
    // Not asynchronous: whoever does not use the bot does without a token.
    app.singleton('bot.api', () => {
      throw config ? new InvalidBotConfigError(faultsOf(config)) : new BotConfigMissingError()
    })
  }

  #bindWebhook(config: WebhookConfig): void {
    const { app } = this
    app.singleton('bot.webhook', () => new BotWebhook(config, app.make('bot')))
    app.tag('webhook', 'bot.webhook')
    app.instance('bot.watch', {
      // What is wrong with a handler is known before the first update is posted.
      beforeStart: () => app.make('bot').load(),
      afterStart: () =>
        void keepStarting(() => app.make('bot').start(), app.make('log'), this.#stopping.signal),
    })
    app.tag('start', 'bot.watch')
  }
}
