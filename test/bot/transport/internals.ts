/** What has no door, as typed as if it had one: it is loaded by its file. */
import path from 'node:path'
import type { Api } from 'grammy'
import type { Update } from 'grammy/types'
import type { Log } from 'limber'
import type { BotTransport, WebhookConfig } from 'limber/bot'

interface StoredCall {
  readonly method: string
  readonly payload: Readonly<Record<string, unknown>>
}
interface Webhook {
  readonly path: string
  readonly bodyLimit: number
  admit(headers: Readonly<Record<string, string | undefined>>): void
  take(body: string): Promise<void>
}

export type CallOutcome =
  | { readonly is: 'made' }
  | { readonly is: 'wait'; readonly ms: number }
  | { readonly is: 'refused' | 'failed'; readonly error: unknown }

export interface PollingFacts {
  readonly api: Api
  readonly apiRoot: string
  readonly kinds: () => readonly string[]
  readonly handle: (update: Update) => Promise<unknown>
  readonly log: Log
  readonly pauses?: { readonly first: number; readonly longest: number }
}

interface Apis {
  openApi(transport: BotTransport, token: string): Promise<Api>
}
interface Calls {
  callStored(api: Api, call: StoredCall, signal: AbortSignal): Promise<CallOutcome>
}
interface Questions {
  askApi<T>(method: string, apiRoot: string, call: () => Promise<T>): Promise<T>
}
interface Loops {
  PollingLoop: new (facts: PollingFacts) => { run(): Promise<void>; stop(): void }
}
interface Webhooks {
  BotWebhook: new (config: WebhookConfig, bot: { handle(update: unknown): Promise<unknown> }) => Webhook
  webhookUrl(config: WebhookConfig): string
}

const load = (file: string) => import(path.resolve('src/bot', file))
const apis: Apis = await load('transport/open-api.ts')
const calls: Calls = await load('transport/call-stored.ts')
const questions: Questions = await load('transport/ask-api.ts')
const loops: Loops = await load('polling/polling-loop.ts')
const webhooks: Webhooks = await load('webhook/bot-webhook.ts')

export const { openApi } = apis
export const { callStored } = calls
export const { askApi } = questions
export const { PollingLoop } = loops
export const { BotWebhook, webhookUrl } = webhooks
