/** @module An application with users that listens on a port, and everything that it logs. */
import { type Application, createApplication, type LogConfig, ServiceProvider } from 'limber'
import { type AuthConfig, AuthServiceProvider } from 'limber/auth'
import { type CacheConfig, CacheServiceProvider } from 'limber/cache'
import { type HttpConfig, HttpServiceProvider, type Router } from 'limber/http'
import { onTestFinished } from 'vitest'
import { appFolder } from '../../support/app-folder.ts'
import { CHEAP, CountingLimiter, Keys, Members } from './members.ts'

export const SECRET = 'a secret of this test that is longer than 32 bytes'
export const PASSWORD = 'correct horse battery staple'
export const START = Date.UTC(2026, 0, 1)

export interface ServedOptions {
  readonly auth?: Partial<AuthConfig>
  readonly http?: HttpConfig
  readonly log?: LogConfig
  readonly register?: (app: Application) => void
  /** Counts by a stand-in. */
  readonly limiter?: boolean
  /** Counts by the limiter of the cache, in this store. */
  readonly cache?: CacheConfig
  readonly listen?: boolean
}

export async function served(add: (router: Router, app: Application) => void, options: ServedOptions = {}) {
  const users = new Members()
  const keys = new Keys()
  const clock = { time: START, now: () => clock.time }
  const limiter = new CountingLimiter(clock.now)
  const lines: string[] = []
  class TestServiceProvider extends ServiceProvider {
    override register() {
      if (options.limiter) this.app.instance('limiter', limiter)
      options.register?.(this.app)
    }
    override boot() {
      this.app.swap('clock', clock)
      add(this.app.make('router'), this.app)
    }
  }
  const cache = options.cache ? [CacheServiceProvider] : []
  const providers = [...cache, HttpServiceProvider, TestServiceProvider, AuthServiceProvider]
  const app = await createApplication({
    root: appFolder({ 'config/app.js': `export default { name: 'library', providers: [] }` }),
    config: {
      app: { name: 'library', providers },
      ...(options.cache && { cache: options.cache }),
      http: { port: 0, ...options.http },
      auth: { users, apiKeys: keys, jwt: JWT, hash: CHEAP, ...options.auth },
      log: {
        level: 'trace',
        destination: { write: (line: string) => void lines.push(line) },
        ...options.log,
      },
    },
  })
  await app.boot()
  onTestFinished(() => app.stop({ deadline: 0 }))
  const http = app.make('http')
  if (options.listen !== false) await app.run(http)
  const url = String(http.address)
  const get = (path: string, headers: Record<string, string> = {}) => fetch(`${url}${path}`, { headers })
  await users.add(1, 'ada@library.example', PASSWORD)
  const ada = { id: 1, login: 'ada@library.example', password: PASSWORD }
  return { app, http, url, users, keys, clock, limiter, lines, get, ada }
}

export type Served = Awaited<ReturnType<typeof served>>

export const JWT = {
  issuer: 'https://library.example',
  audience: 'library',
  keys: [{ kid: 'one', algorithm: 'HS256', secret: SECRET }],
} as const

export function basicOf(login: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}` }
}

/** A key of a user, issued as applications do it. */
export function keyFor(
  { app, users }: Served,
  id: number,
  facts: { abilities?: string[]; expiresAt?: Date } = {},
) {
  return app.scope(async () => {
    const user = await users.findById(id)
    if (!user) throw new Error(`There is no user ${id}.`)
    return app.make('auth').issueApiKey({ user, name: 'a test', ...facts })
  })
}

export function tokenFor({ app, users }: Served, id: number, options = {}) {
  return app.scope(async () => {
    const user = await users.findById(id)
    if (!user) throw new Error(`There is no user ${id}.`)
    return app.make('auth').issueToken(user, options)
  })
}

export async function jsonOf(reply: Response): Promise<Readonly<Record<string, unknown>>> {
  // Every reply of these tests is an object.
  return (await reply.json()) as Record<string, unknown>
}
