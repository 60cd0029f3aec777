/** @module Sessions of clients in a store of the cache. */
import type { Application } from '../application/application.ts'
import type { SessionStore } from '../application/ports/session-store.ts'

export interface CacheSessionsOptions {
  /** The name of the store in config/cache.ts; default: the default store. */
  readonly store?: string
}

/**
 * Keeps sessions in a store of the cache, for `sessions.store` of config/http.ts: they survive a restart, and all processes
 * share them, where the store does. A name that no store has is a `LIMBER_STORE_NOT_FOUND` with the first request that has a session.
 *
 * @example
 * ```ts
 * import { env } from 'limber'
 * import { cacheSessions } from 'limber/cache'
 * import { defineHttp } from 'limber/http'
 *
 * export default defineHttp({
 *   cookies: { secret: env.secret('APP_SECRET') },
 *   sessions: { store: cacheSessions() },
 * })
 * ```
 */
export function cacheSessions(options: CacheSessionsOptions = {}): (app: Application) => SessionStore {
  return (app) => {
    // With each call: the server is built for commands too, which open no store.
    const store = () => app.make('cache.stores').get(options.store)
    return {
      get: async (id) => (await store().get([keyOf(id)]))[0]?.text,
      set: async (id, data, ttl) => store().set(keyOf(id), data, ttl),
      destroy: async (id) => store().delete([keyOf(id)]),
    }
  }
}

function keyOf(id: string): string {
  return `session:${id}`
}
