/** @module What a bot works with once it has asked the Bot API who it is. */
import type { Api } from 'grammy'
import type { UserFromGetMe } from 'grammy/types'
import type { Application } from '../../application/application.ts'
import type { Admission } from '../access/admission.ts'
import { FloodGate } from '../access/flood.ts'
import { BOT_DEFAULTS, type BotConfig } from '../bot-config.ts'
import type { HandlerTable } from '../handlers/handler-table.ts'
import type { BotMiddlewareClass } from '../load-middleware.ts'
import type { Wordings } from '../texts/wordings.ts'
import { Deliveries } from './deliveries.ts'
import { IncomingMaker } from './incoming-maker.ts'
import { HandlerRunner } from './run-handler.ts'
import { Sweeper } from './sweeper.ts'
import type { UpdateOwners } from './update-owners.ts'
import { UpdateWorker } from './update-worker.ts'

export interface BotParts {
  readonly app: Application
  readonly config: BotConfig
  readonly api: Api
  readonly me: UserFromGetMe
  /** The id of the bot. */
  readonly bot: number
  readonly table: HandlerTable
  readonly owners: UpdateOwners
  readonly wordings: Wordings
  readonly admission: Admission
  readonly middleware: readonly BotMiddlewareClass[]
}

export class BotWork {
  readonly api: Api
  readonly me: UserFromGetMe
  readonly worker: UpdateWorker
  readonly sweeper: Sweeper

  constructor(parts: BotParts) {
    const { app, config, api, me, bot, table, owners, wordings, admission, middleware } = parts
    const [log, clock] = [app.make('log'), app.make('clock')]
    const delivery = { api, log, clock, replyFor: config.replyFor ?? BOT_DEFAULTS.replyFor }
    const deliveries = new Deliveries(delivery, config.concurrency ?? BOT_DEFAULTS.concurrency)
    const incomings = new IncomingMaker({ api, me, bot, clock, wordings })
    const handlers = new HandlerRunner({ app, clock, incomings, admission, middleware })
    const flood = new FloodGate(app)
    const username = me.username
    this.api = api
    this.me = me
    this.worker = new UpdateWorker({
      bot,
      username,
      log,
      table,
      owners,
      flood,
      incomings,
      handlers,
      delivery,
      deliveries,
    })
    this.sweeper = new Sweeper({ bot, log, clock, owners, deliveries })
  }
}
