/**
 * @module A Bot API for tests: a real HTTP server on this machine that speaks its protocol. Bots poll it or have it post to their
 * webhook, in this process or in another; tests send updates, read what was called, and have calls fail.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Update, User } from 'grammy/types'
import { onTestFinished } from 'vitest'
import { botUser } from './bot-api/bot-user.ts'
import { CallLog, type RecordedCall, recordOf } from './bot-api/call-log.ts'
import { type Fault, type FaultOptions, FaultPlan, type Refusal } from './bot-api/faults.ts'
import { Methods, Refused } from './bot-api/methods.ts'
import { Receiving } from './bot-api/receiving.ts'
import { type Payload, readPayload } from './bot-api/request-body.ts'
import { type MessageOptions, UpdateMaker } from './bot-api/update-maker.ts'

export { faults } from './bot-api/faults.ts'

const BOT_ID = 1_234_567
/** How long a test waits for what has to come. */
const PATIENCE = 20_000

/** Opens a Bot API that closes with the test. */
export async function openBotApi(): Promise<BotApiServer> {
  const api = new BotApiServer()
  await api.open()
  onTestFinished(() => api.close())
  return api
}

export class BotApiServer {
  readonly token = `${BOT_ID}:AAtoken-of-the-bot-api-on-this-machine`
  readonly me = botUser({ id: BOT_ID, first_name: 'Test', username: 'test_bot' })
  readonly make = new UpdateMaker(this.me)
  readonly log = new CallLog()
  readonly receiving = new Receiving()
  readonly #methods = new Methods({ me: this.me, nextMessage: () => this.make.nextMessage() })
  readonly #faults = new FaultPlan()
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined
  #port = 0

  get apiRoot(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** The ids of the updates that wait. */
  get waiting(): number[] {
    return this.receiving.queue.waiting.map((update) => update.update_id)
  }

  /** Begins to listen; again on the same port. */
  async open(): Promise<void> {
    const server = createServer((request, reply) => void this.#answer(request, reply))
    server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
    this.#server = server.listen(this.#port, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (typeof address === 'object' && address) this.#port = address.port
    this.receiving.resume()
  }

  /** Ends every connection and refuses new ones; what it knows stays for another `open`. */
  async close(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    await this.receiving.pause()
    if (!server) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  /** Puts updates into the queue of the bot. */
  send(...updates: readonly Update[]): void {
    for (const update of updates) this.receiving.queue.push(update)
  }

  /** A user writes to the bot, in private unless a chat is given. */
  write(from: User, text: string, options?: MessageOptions): Update {
    const update = this.make.message(from, text, options)
    this.send(update)
    return update
  }

  /** Has the next call of a method meet a fault. */
  fail(method: string, fault: Fault, options?: FaultOptions): void {
    this.#faults.add(method, fault, options)
  }

  /** Forgets the faults that no call has met. */
  failNoMore(): void {
    this.#faults.clear()
  }

  /** How many connections there are: none, some time after the process of a bot has ended. */
  get connections(): number {
    return this.#sockets.size
  }

  setMember(...args: Parameters<Methods['setMember']>): void {
    this.#methods.setMember(...args)
  }

  /** Waits until something holds. */
  async until(holds: () => boolean, what = holds.toString()): Promise<void> {
    const deadline = performance.now() + PATIENCE
    while (!holds()) {
      if (performance.now() > deadline) throw new Error(`It did not come to this: ${what}`)
      await delay(5)
    }
  }

  async #answer(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const gone = new AbortController()
    reply.on('close', () => gone.abort('nobody who waits'))
    const url = new URL(request.url ?? '/', this.apiRoot)
    const [, token, method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(url.pathname) ?? []
    try {
      const payload = await readPayload(request, url.searchParams)
      if (token === undefined || !/^\d+:/.test(token)) throw new Refused(404, 'Not Found')
      if (token !== this.token) throw new Refused(401, 'Unauthorized')
      const result = await this.#carryOut(method, payload, reply, gone.signal)
      if (!reply.destroyed) respond(reply, 200, { ok: true, result })
    } catch (error) {
      if (!reply.destroyed) refuse(reply, error)
    }
  }

  async #carryOut(method: string, payload: Payload, reply: ServerResponse, gone: AbortSignal) {
    const call = recordOf(method, payload)
    this.log.attempts.push(call)
    const fault = this.#faults.next(call)
    if (fault === 'hang') await once(gone, 'abort')
    if (fault === 'drop') reply.destroy()
    if (fault === 'drop' || fault === 'hang') return undefined
    if (typeof fault === 'object') throw new FaultMet(fault)
    const result = await this.#run(call, gone)
    if (fault === 'lost') reply.destroy()
    if (fault === 'mute') await once(gone, 'abort')
    return result
  }

  async #run(call: RecordedCall, gone: AbortSignal): Promise<unknown> {
    const { method, payload } = call
    if (method === 'getUpdates') return this.receiving.getUpdates(payload, gone)
    const result = await this.#result(method, payload)
    this.log.calls.push(call)
    return result
  }

  #result(method: string, payload: Payload): unknown {
    if (method === 'setWebhook') return this.receiving.setWebhook(payload)
    if (method === 'deleteWebhook') return this.receiving.deleteWebhook(payload)
    if (method === 'getWebhookInfo') return this.receiving.webhookInfo
    return this.#methods.call(method, payload)
  }
}

class FaultMet extends Error {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.description)
    this.refusal = refusal
  }
}

function refuse(reply: ServerResponse, error: unknown): void {
  const isExpected = error instanceof Refused || error instanceof FaultMet
  const { code, description, parameters }: Refusal = isExpected
    ? error.refusal
    : { code: 400, description: `Bad Request: ${String(error)}` }
  respond(reply, code, { ok: false, error_code: code, description, ...(parameters && { parameters }) })
}

function respond(reply: ServerResponse, status: number, body: object): void {
  reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
