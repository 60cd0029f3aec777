/** What has no door, as typed as if it had one: it is loaded by its file. */
import path from 'node:path'
import type { Application, StateKey, UpdateStore } from 'limber'
import type {
  BotAccess,
  BotConfig,
  BotMiddleware,
  ChatState,
  IncomingUpdate,
  RegisteredHandler,
} from 'limber/bot'

export { HandlerTable, loadHandlers, makeIncoming, openApi, Replies } from '../internals.ts'

export interface Admission {
  check(handlers: readonly RegisteredHandler[]): void
  admit(handler: RegisteredHandler, incoming: IncomingUpdate): Promise<void>
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
  readonly 'state/stored-chat-state.ts': {
    StoredChatState: new (
      store: UpdateStore,
      key: StateKey | undefined,
      clock: { now(): number },
    ) => ChatState
  }
  readonly 'texts/built-in-texts.ts': { builtInText(key: string): string | undefined }
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
export const { StoredChatState } = await load('state/stored-chat-state.ts')
export const { builtInText } = await load('texts/built-in-texts.ts')
export const { MemoryUpdateStore } = await load('work/memory-update-store.ts')
export const { accessCommands } = await load('commands/access-commands.ts')
