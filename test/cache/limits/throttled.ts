/** @module An application with HTTP and a store of the cache, whose clock the test moves. */
import { CacheServiceProvider, defineCache, memoryStore, type ThrottleOptions, throttle } from 'limber/cache'
import type { HttpConfig, Router } from 'limber/http'
import { pino } from 'pino'
import { serving } from '../../http/serve-routes.ts'
import { type CacheStoreDriver, testClock } from '../stores/support.ts'

export interface ThrottledOptions {
  readonly driver?: CacheStoreDriver
  readonly http?: HttpConfig
}

export async function throttled(
  add: (router: Router) => void,
  { driver = memoryStore(), http = {} }: ThrottledOptions = {},
) {
  const clock = testClock()
  const warnings: string[] = []
  const served = await serving(add, {
    http,
    config: { cache: defineCache({ stores: { main: driver } }) },
    register: (app) => new CacheServiceProvider(app).register(),
    boot: (app) => {
      app.swap('log', pino({ level: 'warn' }, { write: (line) => void warnings.push(line) }))
      app.swap('clock', clock)
    },
  })
  const get = (path = '/', headers: Readonly<Record<string, string>> = {}) =>
    fetch(served.url + path, { headers })
  return { ...served, clock, warnings, get }
}

/** One route with a throttle. */
export const oneRoute = (options: ThrottleOptions) => (router: Router) =>
  router.get('/', () => 'in', { guards: [throttle(options)] })

const NAMES = [
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
  'ratelimit-policy',
  'ratelimit',
  'retry-after',
]

/** What a reply says of limits, in the order of the table in the guide. */
export const limitsOf = ({ headers }: Response) => NAMES.map((name) => headers.get(name))
