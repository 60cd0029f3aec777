/** @module How a bot receives its updates: one long poll at a time, or a webhook, never both. */
import type { Update, WebhookInfo } from 'grammy/types'
import { endOf } from './end-of.ts'
import { Refused } from './methods.ts'
import type { Payload } from './request-body.ts'
import { UpdateQueue } from './update-queue.ts'
import { WebhookSender, type WebhookSettings } from './webhook-sender.ts'

/** In seconds; the Bot API takes no longer either. */
const LONGEST_POLL = 50

export class Receiving {
  readonly queue = new UpdateQueue()
  /** By the origin of a webhook: where it really is, as behind a proxy that takes off the TLS. */
  readonly proxies = new Map<string, string>()
  /** How many polls were begun. */
  polls = 0
  #poll: AbortController | undefined
  #sender: WebhookSender | undefined
  #settings: WebhookSettings | undefined

  /** The offsets that were asked for, in order. */
  readonly offsets: number[] = []

  get isPolled(): boolean {
    return this.#poll !== undefined
  }

  /** @param gone when whoever asks has gone away */
  async getUpdates(payload: Payload, gone: AbortSignal): Promise<readonly Update[]> {
    if (this.#sender) {
      const way =
        "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
      throw new Refused(409, `Conflict: ${way}`)
    }
    this.#poll?.abort('other getUpdates request; make sure that only one bot instance is running')
    const poll = new AbortController()
    this.#poll = poll
    try {
      return await this.#longPoll(payload, AbortSignal.any([poll.signal, gone]))
    } finally {
      if (this.#poll === poll) this.#poll = undefined
    }
  }

  async setWebhook(payload: Payload): Promise<true> {
    const { url, secret_token: secret, max_connections: max = 40 } = payload
    if (typeof url !== 'string') throw new Refused(400, 'Bad Request: bad webhook: no URL')
    if (secret !== undefined && !/^[A-Za-z0-9_-]{1,256}$/.test(String(secret)))
      throw new Refused(400, 'Bad Request: secret token contains unallowed characters')
    await this.deleteWebhook(payload)
    if (url === '') return true
    this.#poll?.abort('setWebhook request')
    this.queue.allow(payload.allowed_updates)
    const { origin } = new URL(url)
    const settings = {
      url,
      target: url.replace(origin, this.proxies.get(origin) ?? origin),
      secret: secret === undefined ? undefined : String(secret),
      maxConnections: Number(max),
    }
    this.#sender = new WebhookSender(settings, this.queue)
    return true
  }

  async deleteWebhook({ drop_pending_updates: drop }: Payload): Promise<true> {
    const sender = this.#sender
    this.#sender = undefined
    await sender?.stop()
    if (drop === true) this.queue.dropAll()
    return true
  }

  /** Posts nothing while the server is closed. */
  async pause(): Promise<void> {
    this.#settings = this.#sender?.settings
    await this.#sender?.stop()
  }

  resume(): void {
    if (this.#settings) this.#sender = new WebhookSender(this.#settings, this.queue)
  }

  get webhookInfo(): WebhookInfo {
    const { waiting, allowed } = this.queue
    return {
      url: '',
      has_custom_certificate: false,
      pending_update_count: waiting.length,
      ...(allowed.length > 0 && {
        allowed_updates: [...allowed] as NonNullable<WebhookInfo['allowed_updates']>,
      }),
      ...this.#sender?.info,
    }
  }

  async #longPoll(payload: Payload, signal: AbortSignal): Promise<readonly Update[]> {
    const { offset = 0, limit = 100, timeout = 0, allowed_updates } = payload
    this.polls += 1
    this.offsets.push(Number(offset))
    this.queue.allow(allowed_updates)
    this.queue.confirm(Number(offset))
    const count = Math.min(Math.max(Number(limit), 1), 100)
    const over = AbortSignal.timeout(1000 * Math.min(Number(timeout), LONGEST_POLL))
    const end = AbortSignal.any([signal, over])
    const ended = endOf(end)
    while (this.queue.waiting.length === 0 && !end.aborted) await Promise.race([this.queue.change(), ended])
    if (signal.aborted) throw new Refused(409, `Conflict: terminated by ${String(signal.reason)}`)
    return this.queue.waiting.slice(0, count)
  }
}
