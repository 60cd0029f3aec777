/** @module A Bot API in memory: it answers the client of the bot, and remembers what was called. Nothing leaves the process. */
import { setTimeout as delay } from 'node:timers/promises'
import type { UserFromGetMe } from 'grammy/types'
import type { BotTransport } from '../../bot/transport/transport.ts'
import { type BotReply, replyOf } from './bot-reply.ts'
import { type Payload, readPayload } from './read-payload.ts'

/** A call of the Bot API, also one that failed. */
export interface BotCall {
  readonly method: string
  readonly payload: Payload
}

export interface BotApiFailure {
  /** 400, 403, 429, 500 */
  readonly code: number
  readonly description?: string
  /** In seconds: when it may be tried again. */
  readonly retryAfter?: number
}

/** Names nobody: what went past the transport would find no host. */
const API_ROOT = 'https://bot-api.invalid'
const BOT_ID = 4_200_042

/** The token that the bot of a test has, whatever is configured. */
export const TEST_TOKEN = `${BOT_ID}:token-of-a-bot-in-the-memory-of-a-test`

export class BotApiInMemory {
  readonly me: UserFromGetMe = {
    id: BOT_ID,
    is_bot: true,
    first_name: 'Test bot',
    username: 'test_bot',
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: true,
    can_connect_to_business: false,
    has_main_web_app: false,
    has_topics_enabled: false,
    allows_users_to_create_topics: false,
    can_manage_bots: false,
    supports_join_request_queries: false,
  }
  readonly transport: BotTransport = { apiRoot: API_ROOT, fetch: (url, init) => this.#answer(url, init) }
  readonly calls: BotCall[] = []
  /** What stands in the chats now: what was edited is as it was edited, what was deleted is gone. */
  readonly #replies = new Map<number, BotReply>()
  readonly #administrators = new Map<number, readonly object[]>()
  readonly #failures: { readonly method: string; readonly failure: BotApiFailure }[] = []
  #lastId = 0

  nextId(): number {
    this.#lastId += 1
    return this.#lastId
  }

  replies(chat: number): readonly BotReply[] {
    return [...this.#replies.values()].filter((reply) => reply.chat === chat)
  }

  setAdministrators(chat: number, members: readonly object[]): void {
    this.#administrators.set(chat, members)
  }

  failNext(method: string, failure: BotApiFailure): void {
    this.#failures.push({ method, failure })
  }

  async #answer(url: string | URL | Request, init?: RequestInit): Promise<Response> {
    const address = url instanceof Request ? url.url : String(url)
    const method = address.startsWith(`${API_ROOT}/bot`) ? /\/(\w+)$/.exec(address)?.[1] : undefined
    if (method === undefined)
      throw new TypeError('A bot in a test reaches nothing but the methods of the Bot API.')
    const payload = await readPayload(init)
    this.calls.push({ method, payload })
    if (method === 'getUpdates') await longPoll(payload, init?.signal)
    const index = this.#failures.findIndex((planned) => planned.method === method)
    const [planned] = index < 0 ? [] : this.#failures.splice(index, 1)
    if (planned) return refusal(planned.failure)
    const result = this.#result(method, payload)
    return result === undefined
      ? refusal({ code: 400, description: 'Bad Request: message to edit not found' })
      : Response.json({ ok: true, result })
  }

  /** Undefined for what cannot be done. */
  #result(method: string, payload: Payload): unknown {
    const chat = Number(payload.chat_id)
    if (method === 'getMe') return this.me
    if (method === 'getUpdates') return []
    if (method === 'getWebhookInfo')
      return { url: '', has_custom_certificate: false, pending_update_count: 0 }
    if (method === 'getChatAdministrators') return this.#administrators.get(chat) ?? []
    if (method === 'getChatMember') return this.#member(chat, Number(payload.user_id))
    if (method === 'getMyCommands') return []
    if (/^(send(?!ChatAction)|forward|copy)/.test(method)) return this.#send(chat, method, payload)
    if (/^editMessage/.test(method)) return this.#edit(payload)
    if (method === 'deleteMessage') this.#replies.delete(Number(payload.message_id))
    return true
  }

  #member(chat: number, user: number): object {
    const members = this.#administrators.get(chat) ?? []
    const found = members.find((member) => Reflect.get(Object(Reflect.get(member, 'user')), 'id') === user)
    return found ?? { status: 'member', user: { id: user, is_bot: false, first_name: `User ${user}` } }
  }

  #send(chat: number, method: string, payload: Payload): object {
    const reply = replyOf(this.nextId(), chat, method, payload)
    this.#replies.set(reply.id, reply)
    return this.messageOf(reply)
  }

  #edit(payload: Payload): unknown {
    if (payload.inline_message_id !== undefined) return true
    const known = this.#replies.get(Number(payload.message_id))
    if (!known) return undefined
    // A keyboard that is not given again is gone; a text that is not given stays.
    const before = { text: known.payload.text, caption: known.payload.caption }
    const reply = replyOf(known.id, known.chat, known.method, { ...before, ...payload })
    this.#replies.set(known.id, reply)
    return this.messageOf(reply)
  }

  /** A reply as the Bot API describes it. */
  messageOf({ id, chat, text }: BotReply) {
    const first_name = `User ${chat}`
    return {
      message_id: id,
      date: Math.floor(Date.now() / 1000),
      chat:
        chat > 0
          ? { id: chat, type: 'private' as const, first_name }
          : { id: chat, type: 'supergroup' as const, title: `Group ${chat}` },
      from: this.me,
      text,
    }
  }
}

/** Nothing ever comes; who asks is kept waiting all the same, or it would ask without end. */
async function longPoll({ timeout }: Payload, signal: AbortSignal | null | undefined): Promise<void> {
  await delay(1000 * Number(timeout ?? 0), undefined, signal ? { signal } : {}).catch(() => undefined)
}

function refusal({ code, description = 'The test has it fail', retryAfter }: BotApiFailure): Response {
  const parameters = retryAfter === undefined ? {} : { parameters: { retry_after: retryAfter } }
  return Response.json({ ok: false, error_code: code, description, ...parameters }, { status: code })
}
