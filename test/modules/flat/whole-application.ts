/** @module An application whose modules have everything, and a client of it that keeps its connection. */
import { once } from 'node:events'
import { Agent, get, type IncomingMessage, request } from 'node:http'
import { PassThrough } from 'node:stream'
import { json, text } from 'node:stream/consumers'
import { type Application, createApplication } from 'limber'
import { BotServiceProvider } from 'limber/bot'
import { CacheServiceProvider, memoryStore } from 'limber/cache'
import { ConsoleKernel, Output } from 'limber/console'
import { DatabaseServiceProvider } from 'limber/database'
import { HttpServiceProvider } from 'limber/http'
import { type ModuleDraft, ModuleExtension, ModulesServiceProvider } from 'limber/modules'

/** How many connections the modules may have together. */
export const MOST_CONNECTIONS = 3

const GRANTED = ['use_db', 'use_http', 'use_bot']
/** Of nobody. */
const TOKEN = '4242:token-of-a-bot-that-nobody-has-00'

export class WholeApplication implements AsyncDisposable {
  readonly app: Application
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })
  readonly #sent: string[]
  #lastUpdate = 0

  /** @param sent what the bot sends */
  constructor(app: Application, sent: string[]) {
    this.app = app
    this.#sent = sent
  }

  get modules() {
    return this.app.make('modules')
  }

  /**
   * @param database what `modules.database` of the configuration says
   * @param see is told of what the modules have, before any of it is registered
   */
  static async start(
    root: string,
    database: string,
    see: (module: string, values: readonly unknown[]) => void,
  ): Promise<WholeApplication> {
    class Seeing extends ModuleExtension {
      override extend({ manifest, provider, parts }: ModuleDraft) {
        const values = [...parts.values()].flat().flatMap(({ exports }) => Object.values(exports))
        see(manifest.name, [provider.constructor, ...values])
      }
    }
    const modules = ['stall', 'cart', 'clock'].map((name) => ({
      folder: `modules/${name}`,
      permissions: GRANTED,
    }))
    const providers = [
      ...[DatabaseServiceProvider, CacheServiceProvider, HttpServiceProvider],
      ...[BotServiceProvider, ModulesServiceProvider],
    ]
    const config = {
      app: { name: 'whole', providers, modules },
      database: { default: 'main', connections: { main: 'sqlite:storage/main.sqlite' } },
      http: { port: 0 },
      bot: { token: TOKEN, flood: false },
      cache: { stores: { main: memoryStore() } },
      modules: { database, pool: { max: MOST_CONNECTIONS }, extensions: [Seeing] },
      log: { level: 'debug', destination: { write: () => undefined } },
    }
    const app = await createApplication({ root, config })
    await app.boot()
    const sent: string[] = []
    app.swap('bot.transport', { apiRoot: 'https://bot-api.invalid', fetch: botApi(sent) })
    await app.run(app.make('http'))
    return new WholeApplication(app, sent)
  }

  async get(path: string): Promise<unknown> {
    const sent = get(this.#url(path), { agent: this.#agent })
    return read(sent)
  }

  async post(path: string, body: unknown): Promise<unknown> {
    const headers = { 'content-type': 'application/json' }
    const sent = request(this.#url(path), { agent: this.#agent, method: 'POST', headers })
    sent.end(JSON.stringify(body))
    return read(sent)
  }

  /** Listens to events until they end, and gives all of them. */
  async listen(path: string): Promise<{ readonly all: Promise<string> }> {
    const [reply] = await once(get(this.#url(path), { agent: false }), 'response')
    return { all: text(reply) }
  }

  /** Gives what the bot answers; nothing where its handler is just going. */
  async say(text: string): Promise<readonly string[]> {
    const sent = this.#sent.length
    this.#lastUpdate += 1
    const user = { id: 7, is_bot: false, first_name: 'Ada' }
    const chat = { id: 7, type: 'private', first_name: 'Ada' }
    const message = { message_id: this.#lastUpdate, date: 0, chat, from: user, text }
    await this.app.make('bot').handle({ update_id: this.#lastUpdate, message })
    return this.#sent.splice(sent)
  }

  /** Gives what a command prints. */
  async run(command: string): Promise<string> {
    const out = new PassThrough()
    await new ConsoleKernel(this.app, [], new Output(out, out)).run([command])
    out.end()
    return text(out)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#agent.destroy()
    await this.app.stop()
  }

  #url(path: string): string {
    return this.app.make('http').address + path
  }
}

/** Answers every method, and keeps the texts. */
function botApi(sent: string[]): typeof fetch {
  return async (url, init) => {
    if (String(url).endsWith('/getMe'))
      return Response.json({
        ok: true,
        result: { id: 4242, is_bot: true, first_name: 'B', username: 'b_bot' },
      })
    const { body = null } = { ...init }
    const { text } = Object(JSON.parse((await new Response(body).text()) || '{}'))
    if (text !== undefined) sent.push(text)
    return Response.json({ ok: true, result: true })
  }
}

/** Gives the body, or the status of a refusal. */
async function read(sent: ReturnType<typeof get>): Promise<unknown> {
  const [reply]: IncomingMessage[] = await once(sent, 'response')
  if (!reply) return undefined
  const isJson = reply.headers['content-type']?.includes('json')
  const body = isJson ? await json(reply) : await text(reply)
  return reply.statusCode === 200 ? body : reply.statusCode
}
