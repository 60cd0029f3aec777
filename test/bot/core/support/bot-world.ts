/** @module A bot with a Bot API on this machine and a database of its own, whose handlers write down what they did. */
import { type Application, createApplication, type Lazy, type ServiceProviderClass } from 'limber'
import { type Bot, type BotConfig, BotServiceProvider } from 'limber/bot'
import type { CacheConfig } from 'limber/cache'
import { DatabaseServiceProvider, type Driver, Model } from 'limber/database'
import { Entity, Property } from 'limber/database/mapping'
import { onTestFinished } from 'vitest'
import { appFolder } from '../../../support/app-folder.ts'
import { type BotApiServer, openBotApi } from '../../../support/bot-api-server.ts'

/** What a handler did. */
@Entity({ tableName: 'deeds' })
export class Deed extends Model {
  static override fillable = ['user', 'text']

  @Property({ type: 'integer', fieldName: 'who' })
  user!: number

  @Property({ type: 'string' })
  text!: string
}

export interface LogLine {
  readonly level: number
  readonly msg: string
  readonly [fact: string]: unknown
}

export interface WorldOptions {
  readonly handlers?: readonly Lazy[]
  readonly bot?: Partial<BotConfig>
  /** None: an application without a database. */
  readonly driver?: Driver
  readonly server?: BotApiServer
  /** For a limiter, whose provider has to be listed as well. */
  readonly cache?: CacheConfig
  /** Listed before the one of the bot. */
  readonly providers?: readonly ServiceProviderClass[]
  /** More sections of the configuration. */
  readonly config?: Readonly<Record<string, unknown>>
  /** Whether the tables are there already, made by another application on the same database. */
  readonly isSecond?: boolean
  /** How far its clock is ahead, in milliseconds. */
  readonly ahead?: number
}

export interface BotWorld {
  readonly app: Application
  readonly server: BotApiServer
  readonly bot: Bot
  readonly lines: readonly LogLine[]
  /** What was done, as the database has it, in the order in which it was written. */
  deeds(): Promise<string[]>
  /** The updates that are recorded as handled. */
  handled(): Promise<number[]>
  /** How many updates have calls that wait. */
  waiting(): Promise<number>
}

/** Boots an application with a bot; it is stopped when the test ends. Nothing polls: tests give updates to `bot.handle()`. */
export async function openWorld(options: WorldOptions = {}): Promise<BotWorld> {
  const { driver, providers = [], isSecond = false, ahead = 0 } = options
  const server = options.server ?? (await openBotApi())
  const lines: LogLine[] = []
  const files = { 'config/app.ts': "export default { name: 'game', providers: [] }\n" }
  const app = await createApplication({
    root: appFolder({ 'package.json': '{"type":"module"}', ...files }),
    config: {
      app: {
        name: 'game',
        models: [Deed],
        providers: [...(driver ? [DatabaseServiceProvider] : []), ...providers, BotServiceProvider],
      },
      ...options.config,
      bot: configOf(server, options),
      ...(options.cache && { cache: options.cache }),
      ...(driver && { database: { default: 'main', connections: { main: driver } } }),
      log: { level: 'info', destination: { write: (line: string) => void lines.push(JSON.parse(line)) } },
    },
  })
  onTestFinished(() => app.stop())
  await app.boot()
  if (ahead > 0) app.swap('clock', { now: () => Date.now() + ahead })
  await app.ready()
  if (driver && !isSecond) await app.make('db.connection').schema.create()
  return { app, server, bot: app.make('bot'), lines, ...looksAt(app) }
}

function configOf(server: BotApiServer, { handlers = [], bot }: WorldOptions): BotConfig {
  const { token, apiRoot } = server
  return { token, apiRoot, handlers, flood: false, publishCommands: false, ...bot }
}

function looksAt(app: Application) {
  const rows = (sql: string) => app.make('db.connection').execute(sql)
  return {
    deeds: async () => (await rows('select who, text from deeds order by id')).map((row) => `${row.text}`),
    handled: async () => {
      const found = await rows('select update_id from limber_bot_updates order by update_id')
      return found.map((row) => Number(row.update_id))
    },
    waiting: async () => {
      const found = await rows('select update_id from limber_bot_updates where held_until is not null')
      return found.length
    },
  }
}
