/** @module Applications with a cache, a clock that the test moves, and stores that it can watch or break. */
import { Application, ServiceProvider } from 'limber'
import { type Cache, type CacheConfig, CacheServiceProvider, memoryStore } from 'limber/cache'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'

export type Driver = CacheConfig['stores'][string]
export type Store = Awaited<ReturnType<Driver['open']>>

export interface OpenedCache {
  readonly app: Application
  readonly cache: Cache
  readonly clock: { time: number; now(): number }
  /** The messages that have been logged. */
  readonly log: { msg: string; err?: { message: string } }[]
}

export interface CacheOptions extends Partial<CacheConfig> {
  readonly register?: (app: Application) => void
  readonly boot?: (app: Application) => Promise<void>
}

/** A booted application; it is stopped when the test ends. */
export async function openCache({ register, boot, ...config }: CacheOptions = {}): Promise<OpenedCache> {
  const log: OpenedCache['log'] = []
  const clock = { time: 1_782_864_000_000, now: () => clock.time }
  class TestServiceProvider extends ServiceProvider {
    override register() {
      this.app.instance('log', pino({ level: 'warn' }, { write: (line) => void log.push(JSON.parse(line)) }))
      register?.(this.app)
    }

    override async boot() {
      await boot?.(this.app)
    }
  }
  const app = new Application({
    root: process.cwd(),
    config: { cache: { stores: { main: memoryStore() }, ...config } },
    providers: [(app) => new CacheServiceProvider(app), (app) => new TestServiceProvider(app)],
  })
  await app.boot()
  onTestFinished(() => app.stop())
  app.swap('clock', clock)
  await app.ready(['cache.stores'])
  return { app, cache: app.make('cache'), clock, log }
}

/** What stands before a call of the store: it may count, wait or throw. */
export type Before = (call: keyof Store, args: readonly unknown[]) => void | Promise<void>

/** A store in memory that several applications share, as processes share a server; the first one that opens it lends its clock. */
export function sharedStore(before: Before = () => undefined): Driver {
  let store: Store | undefined
  return {
    name: 'shared',
    open: async (facts) => {
      store ??= await memoryStore({ max: 1_000_000 }).open(facts)
      return watched(store, before)
    },
  }
}

function watched(store: Store, before: Before): Store {
  const watch =
    <A extends unknown[], R>(call: keyof Store, run: (...args: A) => Promise<R>) =>
    async (...args: A) => {
      await before(call, args)
      return run(...args)
    }
  return {
    get: watch('get', (keys) => store.get(keys)),
    set: watch('set', (...args) => store.set(...args)),
    replace: watch('replace', (...args) => store.replace(...args)),
    increment: watch('increment', (...args) => store.increment(...args)),
    delete: watch('delete', (keys) => store.delete(keys)),
    clear: watch('clear', (namespace) => store.clear(namespace)),
    ping: watch('ping', () => store.ping()),
    // It outlives the application that has opened it.
    close: async () => undefined,
  }
}

/** Waits until something is so. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve))
}
