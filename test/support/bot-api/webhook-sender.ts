/** @module Posts updates to the webhook of a bot: in order in each chat, chats in parallel, again when they are not taken. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Update, WebhookInfo } from 'grammy/types'
import { endOf } from './end-of.ts'
import type { UpdateQueue } from './update-queue.ts'

export interface WebhookSettings {
  readonly url: string
  /** Where that leads to. */
  readonly target: string
  readonly secret: string | undefined
  readonly maxConnections: number
}

/** Shorter than those of the Bot API itself, so that tests go on. */
const FIRST_PAUSE = 20
const LONGEST_PAUSE = 500

export class WebhookSender {
  readonly settings: WebhookSettings
  readonly #queue: UpdateQueue
  readonly #stop = new AbortController()
  readonly #busy = new Set<string>()
  readonly #posts = new Set<Promise<void>>()
  readonly #run: Promise<void>
  #error: { readonly date: number; readonly message: string } | undefined

  constructor(settings: WebhookSettings, queue: UpdateQueue) {
    this.settings = settings
    this.#queue = queue
    this.#run = this.#work()
  }

  get info(): Partial<WebhookInfo> {
    const { url, maxConnections } = this.settings
    const error = this.#error && {
      last_error_date: this.#error.date,
      last_error_message: this.#error.message,
    }
    return { url, max_connections: maxConnections, ...error }
  }

  /** Nothing is posted any more when it resolves. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await Promise.all([this.#run, ...this.#posts])
  }

  async #work(): Promise<void> {
    const { signal } = this.#stop
    const stopped = endOf(signal)
    while (!signal.aborted) {
      const next = this.#next()
      if (next) this.#begin(next)
      else await Promise.race([this.#queue.change(), stopped, ...this.#posts])
    }
  }

  /** The oldest update of a chat for which none is on its way. */
  #next(): Update | undefined {
    if (this.#busy.size >= this.settings.maxConnections) return undefined
    return this.#queue.waiting.find((update) => !this.#busy.has(lineOf(update)))
  }

  #begin(update: Update): void {
    const line = lineOf(update)
    this.#busy.add(line)
    const post = this.#deliver(update).finally(() => {
      this.#busy.delete(line)
      this.#posts.delete(post)
    })
    this.#posts.add(post)
  }

  async #deliver(update: Update): Promise<void> {
    const { signal } = this.#stop
    for (let pause = FIRST_PAUSE; !signal.aborted; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      const failure = await this.#post(update)
      if (failure === undefined) return this.#queue.confirmOne(update)
      if (signal.aborted) return
      this.#error = { date: Math.floor(Date.now() / 1000), message: failure }
      await delay(pause, undefined, { signal }).catch(() => undefined)
    }
  }

  /** Gives what went wrong. */
  async #post(update: Update): Promise<string | undefined> {
    const { target, secret } = this.settings
    try {
      const reply = await fetch(target, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(secret !== undefined && { 'x-telegram-bot-api-secret-token': secret }),
        },
        body: JSON.stringify(update),
        signal: this.#stop.signal,
      })
      await reply.arrayBuffer()
      return reply.ok
        ? undefined
        : `Wrong response from the webhook: ${reply.status} ${reply.statusText}`.trim()
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }
}

/** What is posted one after the other. */
function lineOf(update: Update): string {
  const message = update.message ?? update.edited_message ?? update.channel_post ?? update.edited_channel_post
  const chat = message?.chat ?? update.callback_query?.message?.chat
  return chat ? `chat ${chat.id}` : `update ${update.update_id}`
}
