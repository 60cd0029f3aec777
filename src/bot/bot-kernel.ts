/** @module The bot as an entry point of the application: it asks the Bot API for updates, and has each of them handled. */
import type { Application } from '../application/application.ts'
import type { Kernel } from '../application/kernel.ts'
import type { Bot } from './bot.ts'
import { BOT_DEFAULTS } from './bot-config.ts'
import { PollingLoop } from './polling/polling-loop.ts'

export class BotKernel implements Kernel {
  readonly name = 'bot'
  readonly #app: Application
  readonly #bot: Bot
  #loop: PollingLoop | undefined
  #ended: Promise<void> | undefined

  constructor(app: Application, bot: Bot) {
    this.#app = app
    this.#bot = bot
  }

  /** How long a stop may take, in milliseconds. */
  get stopTimeout(): number {
    return this.#app.config.find('bot')?.drainTimeout ?? BOT_DEFAULTS.drainTimeout
  }

  /**
   * Begins to ask for updates. Call it through `app.run(kernel)`.
   *
   * @throws {BotTokenError} when the Bot API does not know the token
   * @throws {BotApiUnavailableError} when it cannot be reached
   */
  async start(): Promise<void> {
    await this.#bot.start()
    const log = this.#app.make('log')
    const loop = new PollingLoop({
      api: this.#app.make('bot.api'),
      apiRoot: this.#app.make('bot.transport').apiRoot,
      kinds: () => this.#bot.table.kinds,
      handle: (update) => this.#bot.handle(update),
      log,
    })
    this.#loop = loop
    this.#ended = loop.run().catch((err: unknown) => log.error({ err }, 'bot: it asks for updates no more'))
  }

  /** Asks no more, and finishes what is being handled, at most until the deadline. */
  async stop(deadline: number): Promise<void> {
    this.#loop?.stop()
    await this.#bot.stop(deadline)
    await this.#ended
  }

  /** Resolves when it asks no more: when it was stopped, or when the token is not known any more. */
  async ended(): Promise<void> {
    await this.#ended
  }
}
