/** @module The bot of fixtures/tally: its folder, its Bot API and its databases, run as processes or in this one. */
import { fileURLToPath } from 'node:url'
import { EnabledModules } from 'limber/modules'
import { createTestApplication } from 'limber/testing'
import { expect, onTestFinished } from 'vitest'
import {
  type DatabaseKind,
  type OwnDatabase,
  type Rows,
  sqliteFile,
} from '../../../database/migrations/support/own-databases.ts'
import { appFolder, copy, write } from '../../../support/app-folder.ts'
import { type BotApiServer, openBotApi } from '../../../support/bot-api-server.ts'
import { type RunningLimber, type RunOptions, startLimber } from '../../../support/run-limber.ts'
import { freePort } from '../../../support/server-process.ts'

const TALLY = fileURLToPath(new URL('../fixtures/tally', import.meta.url))
const SECRET = 'the_secret_of_the_webhook-0123456789'

export type Mode = 'polling' | 'webhook'

export interface TallyFacts {
  readonly root: string
  readonly api: BotApiServer
  readonly database: OwnDatabase
  readonly port: number
}

/** Makes one whose tables are there, and nothing in them. */
export async function tallyBot(
  kind: DatabaseKind,
  env: Readonly<Record<string, string>> = {},
): Promise<TallyBot> {
  const root = appFolder()
  copy(TALLY, root)
  const [api, database, port] = await Promise.all([openBotApi(), kind.create(), freePort()])
  const variables = {
    BOT_TOKEN: api.token,
    BOT_API_ROOT: api.apiRoot,
    DATABASE_URL: database.url,
    MODULES_DATABASE: kind.dialect === 'sqlite' ? 'files' : database.url,
    PORT: String(port),
    WEBHOOK_SECRET: SECRET,
    ...env,
  }
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`)
  write(root, { '.env': lines.join(''), 'package.json': '{ "type": "module" }' })
  const bot = new TallyBot({ root, api, database, port })
  await new EnabledModules(`${root}/storage/modules`).set('ledger', {
    permissions: ['use_db', 'use_bot'],
    version: '1.0.0',
  })
  await bot.migrate()
  return bot
}

export class TallyBot {
  readonly root: string
  readonly api: BotApiServer
  readonly secret = SECRET
  readonly #database: OwnDatabase
  readonly #port: number

  constructor({ root, api, database, port }: TallyFacts) {
    this.root = root
    this.api = api
    this.#database = database
    this.#port = port
  }

  /** Where the HTTP kernel of its process is posted to. */
  get webhook(): string {
    return `http://127.0.0.1:${this.#port}/bot/updates`
  }

  /** Starts a process, which has updates brought in this way. */
  async start(mode: Mode, options: Pick<RunOptions, 'env' | 'nodeOptions'> = {}): Promise<RunningLimber> {
    const argv = mode === 'polling' ? ['bot', 'run'] : ['serve']
    // What stands between takes off the TLS that the Bot API asks for.
    const env = mode === 'webhook' ? { WEBHOOK_URL: 'https://bot.example.com' } : {}
    const limber = startLimber(argv, { cwd: this.root, ...options, env: { ...env, ...options.env } })
    onTestFinished(() => void limber.child.kill('SIGKILL'))
    await this.bring(mode)
    return limber
  }

  /** Has the Bot API wait for polls, or post to the process. */
  async bring(mode: Mode): Promise<void> {
    const { receiving } = this.api
    if (mode === 'polling') await receiving.deleteWebhook({})
    else await receiving.setWebhook({ url: this.webhook, secret_token: SECRET })
  }

  async migrate(): Promise<void> {
    await using test = await createTestApplication({ root: this.root, database: 'configured' })
    for (const argv of [
      ['db', 'migrate'],
      ['db', 'migrate', '--module', 'ledger'],
    ]) {
      const { exitCode, stdout, stderr } = await test.run(...argv)
      expect(exitCode, `${stdout}${stderr}`).toBe(0)
    }
  }

  /** Asks the database of the application, past all that Limber knows. */
  ask(sql: string): Promise<Rows> {
    return this.#database.ask(sql)
  }

  /** The same in the database of the module, where `{}` stands for what its tables are in. */
  askLedger(sql: string): Promise<Rows> {
    const { dialect, url } = this.#database
    if (dialect === 'sqlite')
      return sqliteFile(`${this.root}/storage/modules/ledger.sqlite`).ask(sql.replace('{}', ''))
    const inside =
      dialect === 'postgres' ? 'module_ledger.' : `${new URL(url).pathname.slice(1)}_module_ledger.`
    return this.#database.ask(sql.replace('{}', inside))
  }

  /** Has the time be over for which a process that has died would have sent its replies itself. */
  async letHoldsPass(): Promise<void> {
    const sql = 'update {}limber_bot_updates set held_until = 0 where held_until is not null'
    // A process that was killed early has not made the tables.
    await this.ask(sql.replace('{}', '')).catch(() => undefined)
    await this.askLedger(sql).catch(() => undefined)
  }
}
