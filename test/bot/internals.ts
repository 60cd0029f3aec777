/** @module What has no door and several parts of these tests need, typed as if it had one: it is loaded by its file. */
import path from 'node:path'
import type { Api } from 'grammy'
import type { Update, UserFromGetMe } from 'grammy/types'
import type { Application, StoredCall } from 'limber'
import type {
  BotTransport,
  ChatState,
  IncomingUpdate,
  RegisteredHandler,
  HandlerTable as Table,
} from 'limber/bot'

export type HandlerTable = Table

export interface Replies {
  readonly calls: readonly StoredCall[]
}
interface IncomingFacts {
  readonly update: Update
  readonly kind: string
  readonly me: UserFromGetMe
  readonly api: Api
  readonly replies: Replies
  readonly state: ChatState
  readonly wording: { text(key: string): string; render(template: string): Promise<string> }
}

interface Makers {
  makeIncoming(facts: IncomingFacts): IncomingUpdate
}
interface Queues {
  Replies: new () => Replies
}
interface Tables {
  HandlerTable: new () => Table
}
interface Loads {
  loadHandlers(app: Application, entries: readonly unknown[]): Promise<RegisteredHandler[]>
}
interface Apis {
  openApi(transport: BotTransport, token: string): Promise<Api>
}

const load = (file: string) => import(path.resolve('src/bot', file))
const makers: Makers = await load('incoming/make-incoming.ts')
const queues: Queues = await load('replies/replies.ts')
const tables: Tables = await load('handlers/handler-table.ts')
const loads: Loads = await load('handlers/load-handlers.ts')
const apis: Apis = await load('transport/open-api.ts')

export const { makeIncoming } = makers
export const { Replies } = queues
export const { HandlerTable } = tables
export const { loadHandlers } = loads
export const { openApi } = apis
