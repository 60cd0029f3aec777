/** @module The bot: takes updates from wherever they come, and has each handled once. */
import type { UserFromGetMe } from 'grammy/types'
import type { Application } from '../application/application.ts'
import { WrongStateError } from '../application/errors.ts'
import type { PartOwner } from '../application/ports/module-part.ts'
import { leaveScopes } from '../container/resolution-frame.ts'
import { BotStoppingError } from './errors.ts'
import type { HandlerTable } from './handlers/handler-table.ts'
import type { RegisteredHandler } from './handlers/registered-handler.ts'
import { OpenBot } from './open-bot.ts'
import { lineOf } from './updates/line-of.ts'
import { readUpdate } from './updates/read-update.ts'
import { UnknownKinds } from './updates/unknown-kinds.ts'
import { UpdatesOnce } from './work/updates-once.ts'

export class Bot {
  readonly #open: OpenBot
  readonly #once = new UpdatesOnce()
  readonly #unknown: UnknownKinds
  #starting: Promise<void> | undefined
  #stopping: Promise<void> | undefined

  constructor(app: Application) {
    this.#open = new OpenBot(app)
    this.#unknown = new UnknownKinds(app)
  }

  /** The handlers of the application and of its modules. */
  get table(): HandlerTable {
    return this.#open.table
  }

  /**
   * The bot itself, as the Bot API describes it.
   *
   * @throws {WrongStateError} before it has started
   */
  get me(): UserFromGetMe {
    const me = this.#open.me
    if (me) return me
    throw new WrongStateError('bot.me', 'not started', 'Await bot.start(), or use incoming.me in a handler.')
  }

  /**
   * Handles an update. It resolves when its effects are committed and its replies have been sent, or are kept for later; also when
   * nobody takes it, and when its handler failed, which is logged and answered. The same update a second time does nothing.
   *
   * @param update as the Bot API sends it; it is checked
   * @throws {BotUpdateError} for what is no update
   * @throws an error of the kind `unavailable` when nothing is recorded, and the update has to come again
   * @example
   * ```ts
   * import type { Bot } from 'limber/bot'
   *
   * export function replay(bot: Bot, updates: readonly unknown[]) {
   *   return Promise.all(updates.map((update) => bot.handle(update)))
   * }
   * ```
   */
  handle(update: unknown): Promise<void> {
    // An update starts outside of any scope, also when the test that sends it has one open.
    return leaveScopes(() => this.#handle(update))
  }

  /**
   * Imports the handlers, the middleware and the texts of the application, and checks them; nothing is asked of the Bot API.
   *
   * @throws {InvalidBotConfigError} @throws {CommandConflictError} @throws {HandlerClassError} and what else is wrong with them
   */
  load(): Promise<void> {
    return leaveScopes(() => this.#open.load())
  }

  /**
   * Asks the Bot API who it is, takes over replies that were left, and publishes the commands. A kernel calls it.
   *
   * @throws {BotTokenError} @throws {BotApiUnavailableError}
   */
  start(): Promise<void> {
    this.#starting ??= leaveScopes(() => this.#open.start()).catch((error: unknown) => {
      this.#starting = undefined
      throw error
    })
    return this.#starting
  }

  /** Has the handlers of a module run as well, and gives what takes them away again. */
  add(
    handlers: readonly RegisteredHandler[],
    owner: PartOwner,
  ): Promise<(deadline: number) => Promise<void>> {
    return leaveScopes(() => this.#open.add(handlers, owner))
  }

  /**
   * Begins nothing any more, and lets what is being handled come to its end, at most until the deadline (in milliseconds since the
   * epoch); then it is rolled back. Replies that wait are kept for the next start.
   */
  stop(deadline: number): Promise<void> {
    this.#stopping ??= leaveScopes(() => this.#open.stop(deadline))
    return this.#stopping
  }

  async #handle(raw: unknown): Promise<void> {
    if (this.#stopping) throw new BotStoppingError()
    const read = readUpdate(raw)
    const { worker } = await this.#open.work()
    if (!this.table.kinds.includes(read.kind)) return this.#unknown.note(read.kind)
    await this.#once.run(read.update.update_id, (attempt) => {
      return this.#open.queue.run(lineOf(read.update), async () => {
        await worker.work(read, attempt)
        return {}
      })
    })
  }
}
