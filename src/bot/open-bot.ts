/** @module A bot from the first import of its handlers to its end. */
import type { Api } from 'grammy'
import type { UserFromGetMe } from 'grammy/types'
import type { Application } from '../application/application.ts'
import { WrongStateError } from '../application/errors.ts'
import type { PartOwner } from '../application/ports/module-part.ts'
import { Admission } from './access/admission.ts'
import { requireLimiter } from './access/check-access.ts'
import { BOT_DEFAULTS, type BotConfig } from './bot-config.ts'
import { botIdOf } from './bot-id.ts'
import { checkConfig, checkConfigAtBoot } from './check-config.ts'
import { BotConfigMissingError, BotStoppingError } from './errors.ts'
import { CommandPublisher } from './handlers/command-publisher.ts'
import { HandlerTable } from './handlers/handler-table.ts'
import { loadHandlers } from './handlers/load-handlers.ts'
import type { RegisteredHandler } from './handlers/registered-handler.ts'
import { type BotMiddlewareClass, loadMiddleware } from './load-middleware.ts'
import { Wordings } from './texts/wordings.ts'
import { apiSignal } from './transport/api-signal.ts'
import { askApi } from './transport/ask-api.ts'
import { BotWork } from './work/bot-work.ts'
import { ChatQueue } from './work/chat-queue.ts'
import { OpenStores } from './work/open-stores.ts'
import { trackFilters } from './work/track-filters.ts'
import { UpdateOwner } from './work/update-owner.ts'
import { UpdateOwners } from './work/update-owners.ts'

/** How long the Bot API may take to say who the bot is, in milliseconds. */
const PATIENCE = 30_000

interface Loaded {
  readonly config: BotConfig
  readonly wordings: Wordings
  readonly admission: Admission
  readonly middleware: readonly BotMiddlewareClass[]
}

export class OpenBot {
  readonly table = new HandlerTable()
  readonly queue: ChatQueue
  readonly #app: Application
  readonly #owners = new UpdateOwners()
  readonly #stores: OpenStores
  readonly #stopping = new AbortController()
  #loading: Promise<Loaded> | undefined
  #opening: Promise<BotWork> | undefined
  #work: BotWork | undefined
  /** Set while the commands are published when handlers come and go. */
  #publisher: CommandPublisher | undefined

  constructor(app: Application) {
    this.#app = app
    this.#stores = new OpenStores(app)
    this.queue = new ChatQueue(app.config.find('bot')?.concurrency ?? BOT_DEFAULTS.concurrency)
  }

  get me(): UserFromGetMe | undefined {
    return this.#work?.me
  }

  /** Imports and checks what the configuration lists. */
  async load(): Promise<void> {
    const config = this.#app.config.find('bot')
    if (config) checkConfig(config)
    await this.#loaded()
  }

  /** Gives what updates are handled with, once the Bot API has said who the bot is. What fails is tried again by the next one. */
  work(): Promise<BotWork> {
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined
      throw error
    })
    return this.#opening
  }

  async start(): Promise<void> {
    const work = await this.work()
    const { config, wordings } = await this.#loaded()
    this.#refuseStopped()
    work.sweeper.start()
    if (config.publishCommands === false) return
    const stringsOf = (module: string | undefined) => {
      return module === undefined ? wordings.strings : this.#owners.find(module)?.part?.strings
    }
    const facts = { log: this.#app.make('log'), stringsOf, signal: this.#stopping.signal }
    this.#publisher = new CommandPublisher(work.api, this.table, facts)
    await this.#publisher.publish()
  }

  async add(
    handlers: readonly RegisteredHandler[],
    part: PartOwner,
  ): Promise<(deadline: number) => Promise<void>> {
    // Those of the application come first, so that a conflict is one of the module.
    const { admission } = await this.#loaded()
    admission.check(handlers)
    const owner = new UpdateOwner(part, await this.#stores.open(part.connection))
    const remove = this.#addToTable(trackFilters(handlers, owner.underway), part)
    this.#owners.set(owner)
    void this.#publisher?.publish()
    let ending: Promise<void> | undefined
    return (deadline) => {
      ending ??= this.#remove(owner, remove, deadline)
      return ending
    }
  }

  async stop(deadline: number): Promise<void> {
    this.#stopping.abort(new BotStoppingError())
    this.#publisher = undefined
    this.queue.close()
    const ends = this.#owners.all().map((owner) => this.#end(owner, deadline))
    await Promise.all([this.#work?.sweeper.stop(), ...ends])
  }

  #loaded(): Promise<Loaded> {
    this.#loading ??= this.#load().catch((error: unknown) => {
      this.#loading = undefined
      throw error
    })
    return this.#loading
  }

  async #load(): Promise<Loaded> {
    const app = this.#app
    const config = app.config.find('bot')
    if (!config) throw new BotConfigMissingError()
    // A module with handlers does the rest of its work without a token.
    checkConfigAtBoot(config)
    requireLimiter(app)
    const handlers = await loadHandlers(app, config.handlers ?? [])
    const middleware = await loadMiddleware(config.middleware ?? [])
    const wordings = new Wordings(app, config.language)
    await wordings.application()
    const admission = new Admission(app, await app.makeAsync('bot.access'))
    admission.check(handlers)
    this.table.add(handlers)
    return { config, wordings, admission, middleware }
  }

  async #open(): Promise<BotWork> {
    const app = this.#app
    if (app.state !== 'booted') {
      throw new WrongStateError('bot.handle()', app.state, 'Call boot() first, and stop() last.')
    }
    // With the modules, whose handlers take updates as well.
    await app.ready()
    const loaded = await this.#loaded()
    const api = app.make('bot.api')
    const me = await this.#askWho(api)
    this.#owners.set(new UpdateOwner(undefined, await this.#stores.open()))
    const { table } = this
    const bot = botIdOf(loaded.config.token) ?? me.id
    this.#work = new BotWork({ ...loaded, app, api, me, bot, table, owners: this.#owners })
    return this.#work
  }

  async #askWho(api: Api): Promise<UserFromGetMe> {
    const end = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(PATIENCE)])
    const { apiRoot } = this.#app.make('bot.transport')
    const asked = askApi('getMe', apiRoot, () => api.getMe(apiSignal(end)))
    return asked.finally(() => this.#refuseStopped())
  }

  /** What was waited for while the bot stopped must not begin anything. */
  #refuseStopped(): void {
    if (this.#stopping.signal.aborted) throw new BotStoppingError()
  }

  /** @throws {CommandConflictError} */
  #addToTable(handlers: readonly RegisteredHandler[], { connection }: PartOwner): () => void {
    try {
      return this.table.add(handlers)
    } catch (error) {
      // The module does not begin, so its connection is closed.
      if (connection !== undefined) this.#stores.forget(connection)
      throw error
    }
  }

  async #remove(owner: UpdateOwner, remove: () => void, deadline: number): Promise<void> {
    remove()
    void this.#publisher?.publish()
    await this.#end(owner, deadline)
    this.#owners.remove(owner)
    const connection = owner.part?.connection
    if (connection !== undefined) this.#stores.forget(connection)
  }

  async #end({ module, underway }: UpdateOwner, deadline: number): Promise<void> {
    const isCut = await underway.end(deadline)
    if (isCut)
      this.#app
        .make('log')
        .warn({ module }, 'bot: updates were still being handled at the end; they come again')
  }
}
