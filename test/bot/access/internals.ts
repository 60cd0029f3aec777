/** What has no door, as typed as if it had one: it is loaded by its file. */
import path from 'node:path'
import type { Api } from 'grammy'
import type { Update, UserFromGetMe } from 'grammy/types'
import type { Application, Services } from 'limber'
import type {
  BotAccess,
  BotConfig,
  BotMiddleware,
  ChatState,
  HandlerOptions,
  IncomingUpdate,
} from 'limber/bot'

export type UpdateStore = NonNullable<ReturnType<Services['db.updates']['on']>>

export interface Handler {
  readonly name: string
  readonly module: string | undefined
  readonly place: string
  readonly kinds: readonly string[]
  readonly options: HandlerOptions
  readonly under?: readonly string[]
  readonly besides?: readonly string[]
  run(incoming: IncomingUpdate): unknown
}

export interface Replies {
  readonly calls: readonly { readonly method: string; readonly payload: Readonly<Record<string, unknown>> }[]
}

export interface Table {
  readonly handlers: readonly Handler[]
  add(handlers: readonly Handler[]): () => void
  match(
    incoming: IncomingUpdate,
    stateName: (module: string | undefined) => Promise<string | undefined>,
  ): Promise<Handler | undefined>
}

export interface IncomingFacts {
  readonly update: Update
  readonly kind: string
  readonly me: UserFromGetMe
  readonly api: Api
  readonly replies: Replies
  readonly state: ChatState
  readonly wording: { text(key: string): string; render(template: string): Promise<string> }
}

export interface StateKey {
  readonly bot: number
  readonly module: string
  readonly chat: number
  readonly user: number
}

export interface Admission {
  check(handlers: readonly Handler[]): void
  admit(handler: Handler, incoming: IncomingUpdate): Promise<void>
}

export interface FloodGate {
  pass(incoming: IncomingUpdate): Promise<'pass' | 'answer' | 'drop'>
}

interface Files {
  readonly 'access/bot-access.ts': { BotAccess: new (app: Application) => BotAccess }
  readonly 'access/admission.ts': { Admission: new (app: Application, access: BotAccess) => Admission }
  readonly 'access/flood.ts': { FloodGate: new (app: Application) => FloodGate }
  readonly 'access/bounded-map.ts': {
    BoundedMap: new <V>(
      clock: { now(): number },
      room: number,
    ) => {
      readonly size: number
      get(key: string): V | undefined
      set(key: string, value: V, until: number): void
    }
  }
  readonly 'access/check-access.ts': {
    requireLimiter(app: Application): void
    faultsOfAccess(config: BotConfig): { path: string; message: string }[]
  }
  readonly 'middleware.ts': {
    runMiddleware(
      stack: readonly BotMiddleware[],
      incoming: IncomingUpdate,
      last: () => Promise<void>,
    ): Promise<void>
  }
  readonly 'load-middleware.ts': { loadMiddleware(entries: readonly unknown[]): Promise<readonly object[]> }
  readonly 'incoming/make-incoming.ts': { makeIncoming(facts: IncomingFacts): IncomingUpdate }
  readonly 'replies/replies.ts': { Replies: new () => Replies }
  readonly 'handlers/handler-table.ts': { HandlerTable: new () => Table }
  readonly 'handlers/load-handlers.ts': {
    loadHandlers(app: Application, entries: readonly unknown[]): Promise<Handler[]>
  }
  readonly 'state/stored-chat-state.ts': {
    StoredChatState: new (
      store: UpdateStore,
      key: StateKey | undefined,
      clock: { now(): number },
    ) => ChatState
  }
  readonly 'texts/built-in-texts.ts': { builtInText(key: string): string | undefined }
  readonly 'transport/open-api.ts': {
    openApi(transport: { apiRoot: string }, token: string): Promise<Api>
  }
  readonly 'work/memory-update-store.ts': { MemoryUpdateStore: new () => UpdateStore }
  readonly 'commands/access-commands.ts': {
    accessCommands: readonly {
      readonly load: () => Promise<Readonly<Record<string, new (...args: never[]) => unknown>>>
    }[]
  }
}

async function load<F extends keyof Files>(file: F): Promise<Files[F]> {
  return import(path.resolve('src/bot', file))
}

export const { BotAccess: Access } = await load('access/bot-access.ts')
export const { Admission } = await load('access/admission.ts')
export const { FloodGate } = await load('access/flood.ts')
export const { BoundedMap } = await load('access/bounded-map.ts')
export const { requireLimiter, faultsOfAccess } = await load('access/check-access.ts')
export const { runMiddleware } = await load('middleware.ts')
export const { loadMiddleware } = await load('load-middleware.ts')
export const { makeIncoming } = await load('incoming/make-incoming.ts')
export const { Replies } = await load('replies/replies.ts')
export const { HandlerTable } = await load('handlers/handler-table.ts')
export const { loadHandlers } = await load('handlers/load-handlers.ts')
export const { StoredChatState } = await load('state/stored-chat-state.ts')
export const { builtInText } = await load('texts/built-in-texts.ts')
export const { openApi } = await load('transport/open-api.ts')
export const { MemoryUpdateStore } = await load('work/memory-update-store.ts')
export const { accessCommands } = await load('commands/access-commands.ts')
