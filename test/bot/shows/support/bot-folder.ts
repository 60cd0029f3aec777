/** @module The folder of an application with a bot: its Bot API and its databases, run as processes or in this one. */
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

const SECRET = 'the_secret_of_the_webhook-0123456789'
/** What the Bot API knows; what stands between takes off the TLS that it asks for. */
const PUBLIC_URL = 'https://bot.example.com'

export type Mode = 'polling' | 'webhook'

interface BotFacts {
  readonly root: string
  readonly api: BotApiServer
  readonly database: OwnDatabase
  readonly port: number
}

/**
 * Makes a folder from others, each with the name that it has in it, on a database of its own.
 *
 * @param env what `.env` has besides
 */
export async function botFolder(
  kind: DatabaseKind,
  folders: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<BotFolder> {
  const root = appFolder()
  for (const [name, from] of Object.entries(folders)) copy(from, `${root}/${name}`)
  const [api, database, port] = await Promise.all([openBotApi(), kind.create(), freePort()])
  api.receiving.proxies.set(PUBLIC_URL, `http://127.0.0.1:${port}`)
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
  return new BotFolder({ root, api, database, port })
}

export class BotFolder {
  readonly root: string
  readonly api: BotApiServer
  readonly secret = SECRET
  readonly #database: OwnDatabase
  readonly #port: number

  constructor({ root, api, database, port }: BotFacts) {
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
    const env = environmentOf(mode)
    const limber = startLimber(argv, { cwd: this.root, ...options, env: { ...env, ...options.env } })
    onTestFinished(() => void limber.child.kill('SIGKILL'))
    await this.bring(mode)
    return limber
  }

  /** Has the Bot API wait for polls, or post to the process. */
  async bring(mode: Mode): Promise<void> {
    const { receiving } = this.api
    if (mode === 'polling') await receiving.deleteWebhook({})
    else await receiving.setWebhook({ url: `${PUBLIC_URL}/bot/updates`, secret_token: SECRET })
  }

  /** Runs commands in this process, which have to succeed. */
  async run(...commands: readonly string[]): Promise<void> {
    await using test = await createTestApplication({ root: this.root, database: 'configured' })
    for (const command of commands) {
      const { exitCode, stdout, stderr } = await test.run(...command.split(' '))
      expect(exitCode, `limber ${command}: ${stdout}${stderr}`).toBe(0)
    }
  }

  /** Asks the database of the application, past all that Limber knows. */
  ask(sql: string): Promise<Rows> {
    return this.#database.ask(sql)
  }

  /** The same in the database of a module, where `{}` stands for what its tables are in. */
  askModule(module: string, sql: string): Promise<Rows> {
    const { dialect, url } = this.#database
    if (dialect === 'sqlite')
      return sqliteFile(`${this.root}/storage/modules/${module}.sqlite`).ask(sql.replace('{}', ''))
    const name = `module_${module.replaceAll('-', '_')}`
    const inside = dialect === 'postgres' ? name : `${new URL(url).pathname.slice(1)}_${name}`
    return this.#database.ask(sql.replace('{}', `${inside}.`))
  }
}

/** What a process is told that is brought its updates in this way. */
export function environmentOf(mode: Mode): Readonly<Record<string, string>> {
  return mode === 'webhook' ? { WEBHOOK_URL: PUBLIC_URL } : {}
}
