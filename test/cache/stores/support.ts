/** @module An application with one store of the cache, and a clock that the test moves. */
import { Application } from 'limber'
import { type CacheConfig, CacheServiceProvider, defineCache } from 'limber/cache'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'

export type CacheStoreDriver = CacheConfig['stores'][string]
export type CacheStore = Awaited<ReturnType<CacheStoreDriver['open']>>

export interface TestClock {
  time: number
  now(): number
}

/** Begins in the middle of 2026. */
export function testClock(): TestClock {
  return {
    time: 1_782_864_000_000,
    now() {
      return this.time
    },
  }
}

export interface StoreApplication {
  readonly app: Application
  readonly store: CacheStore
}

export interface StoreOptions {
  readonly clock?: TestClock
  readonly prefix?: string
  readonly root?: string
  readonly providers?: readonly ((app: Application) => { register(): void; boot(): void | Promise<void> })[]
  readonly config?: Readonly<Record<string, unknown>>
}

/** Boots an application that has only this store; it is stopped when the test ends. */
export async function openStore(
  driver: CacheStoreDriver,
  { clock = testClock(), prefix = 'library', root = process.cwd(), ...more }: StoreOptions = {},
): Promise<StoreApplication> {
  const config = { ...more.config, cache: defineCache({ stores: { main: driver }, prefix }) }
  const providers = [...(more.providers ?? []), (app: Application) => new CacheServiceProvider(app)]
  const app = new Application({ root, config, providers })
  app.instance('log', pino({ level: 'silent' }))
  await app.boot()
  onTestFinished(() => app.stop())
  app.swap('clock', clock)
  await app.ready(['cache.stores'])
  return { app, store: app.make('cache.store') }
}
