/** An application that decides about updates, with a Bot API, a clock that the test moves and a log that is kept. */
import type { Update } from 'grammy/types'
import { Application, ServiceProvider } from 'limber'
import type { BotConfig, IncomingUpdate } from 'limber/bot'
import { CacheServiceProvider, memoryStore } from 'limber/cache'
import { DatabaseServiceProvider, type Driver } from 'limber/database'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { openBotApi } from '../../support/bot-api-server.ts'
import {
  Access,
  Admission,
  builtInText,
  FloodGate,
  type Handler,
  HandlerTable,
  loadHandlers,
  MemoryUpdateStore,
  makeIncoming,
  openApi,
  Replies,
  StoredChatState,
  type UpdateStore,
} from './internals.ts'

export interface WorldOptions extends Partial<BotConfig> {
  readonly driver?: Driver
  readonly cache?: Parameters<typeof withCache>[0]
}

const withCache = (store: ReturnType<typeof memoryStore> | false = memoryStore()) => store

export type World = Awaited<ReturnType<typeof openWorld>>

/** Stopped when the test ends. */
export async function openWorld({ driver, cache, ...bot }: WorldOptions = {}) {
  const server = await openBotApi()
  const api = await openApi({ apiRoot: server.apiRoot }, server.token)
  const lines: { msg: string; level: number }[] = []
  const clock = { time: 1_782_864_000_000, now: () => clock.time }
  const cacheStore = withCache(cache)
  class TestServiceProvider extends ServiceProvider {
    override register() {
      const write = (line: string) => void lines.push(JSON.parse(line))
      this.app.instance('log', pino({ level: 'info' }, { write }))
      this.app.singleton('bot.access', () => new Access(this.app))
    }
  }
  const app = new Application({
    root: process.cwd(),
    config: {
      bot: { token: server.token, ...bot },
      ...(cacheStore && { cache: { stores: { main: cacheStore } } }),
      ...(driver && { database: { default: 'main', connections: { main: driver }, migrations: 'none' } }),
    },
    providers: [
      ...(cacheStore ? [(app: Application) => new CacheServiceProvider(app)] : []),
      ...(driver ? [(app: Application) => new DatabaseServiceProvider(app)] : []),
      (app) => new TestServiceProvider(app),
    ],
  })
  await app.boot()
  onTestFinished(() => app.stop())
  app.swap('clock', clock)
  await app.ready()
  const access = app.make('bot.access')
  const memory = new MemoryUpdateStore()
  const store: UpdateStore = (driver && app.make('db.updates').on()) || memory
  await store.prepare()
  const admission = new Admission(app, access)
  const table = new HandlerTable()

  function incomingOf(update: Update, module = ''): IncomingUpdate & { readonly sent: string[] } {
    const kind = Object.keys(update).find((key) => key !== 'update_id') ?? ''
    const replies = new Replies()
    const { user, chat } = idsOf(update)
    const key = user && chat ? { bot: server.me.id, module, chat, user } : undefined
    const state = new StoredChatState(store, key, clock)
    const wording = {
      text: (key: string) => builtInText(key) ?? key,
      render: async (template: string) => template,
    }
    const incoming = makeIncoming({ update, kind, me: server.me, api, replies, state, wording })
    const sent = () => replies.calls.map(({ method, payload }) => String(payload.text ?? method))
    return Object.defineProperty(incoming, 'sent', { get: sent }) as typeof incoming & { sent: string[] }
  }

  return {
    app,
    api,
    server,
    make: server.make,
    clock,
    lines,
    access,
    admission,
    flood: () => new FloodGate(app),
    table,
    store,
    incomingOf,
    /** Whether a handler may take it. */
    async admits(handler: Handler, update: Update) {
      return admission.admit(handler, incomingOf(update)).then(
        () => true,
        (error: { code?: string }) => error.code ?? String(error),
      )
    },
    async load(...classes: (abstract new (...args: never[]) => unknown)[]) {
      return table.add(await loadHandlers(app, classes))
    },
    /** The way of an update: found, let pass, run and committed. Gives what was answered. */
    async send(update: Update): Promise<string[] | undefined> {
      const handler = await table.match(incomingOf(update), () => incomingOf(update).state.name())
      if (!handler) return undefined
      return app.scope(async () => {
        const incoming = incomingOf(update)
        await admission.admit(handler, incoming)
        await handler.run(incoming)
        return incoming.sent
      })
    },
  }
}

function idsOf({ message, callback_query: query }: Update) {
  return {
    user: message?.from?.id ?? query?.from.id,
    chat: message?.chat.id ?? query?.message?.chat.id,
  }
}

/** A handler that only says who may use it. */
export function handlerOf(options: Handler['options'], name = 'Ban'): Handler {
  return {
    name,
    module: undefined,
    place: 'config/bot.ts',
    kinds: ['message'],
    options,
    run: () => undefined,
  }
}
