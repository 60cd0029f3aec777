/** @module The guard that counts requests, and refuses those that are too many. */
import type { Application } from '../../application/application.ts'
import type { ClientRequest } from '../../application/ports/client-request.ts'
import type { Guard } from '../../application/ports/guard.ts'
import type { RateState } from '../../application/ports/rate-limiter.ts'
import { addressGroup } from '../../support/address-group.ts'
import { InvalidLimitError, TooManyRequestsError } from './errors.ts'
import { checkLimit } from './limiter.ts'
import { type Counted, sayLimits } from './rate-headers.ts'

export interface ThrottleOptions {
  /** How many requests pass in a window; default: 60. */
  readonly max?: number
  /** How long a window is, from its first request on, in milliseconds; default: 60,000. */
  readonly window?: number
  /**
   * Who is counted: the address of the client, the user that a guard before this one has found (without one, the address), or
   * what a function gives. Default: `address`.
   */
  readonly by?: 'address' | 'user' | ((request: ClientRequest, app: Application) => string | Promise<string>)
  /** Routes whose throttles have the same name and the same limit share one count; default: each route has its own. */
  readonly name?: string
  /** Lets requests pass uncounted. */
  readonly skip?: (request: ClientRequest, app: Application) => boolean | Promise<boolean>
  /** What becomes of requests while the store is away: `admit` lets them pass and logs it, `refuse` answers with its error, a 503. Default: `admit`. */
  readonly whenAway?: 'admit' | 'refuse'
}

/** How often the log says that the store is away, in milliseconds. */
const WARNING_PAUSE = 10_000

class Throttle implements Guard {
  readonly name: string
  readonly answers: readonly number[]
  readonly #options: ThrottleOptions
  readonly #limit: { readonly max: number; readonly window: number }
  #warnedAt = Number.NEGATIVE_INFINITY

  constructor(options: ThrottleOptions) {
    const { max = 60, window = 60_000, name, whenAway } = options
    checkLimit({ max, window })
    if (name !== undefined && !/^[\w.:-]{1,64}$/.test(name))
      throw new InvalidLimitError('name', name, 'Give up to 64 letters, digits, and any of ".:_-".')
    this.name = name === undefined ? 'throttle' : `throttle:${name}`
    this.answers = whenAway === 'refuse' ? [429, 503] : [429]
    this.#limit = { max, window }
    this.#options = options
  }

  async admit(request: ClientRequest, app: Application): Promise<void> {
    const { name, skip } = this.#options
    if (await skip?.(request, app)) return
    const counted = countedFor(request)
    const key = await this.#keyOf(request, app)
    // The same throttle twice on one way, of the group and of the route, is one.
    if (counted.has(key)) return
    const state = await this.#count(key, app)
    if (!state) return
    counted.set(key, { name, window: this.#limit.window, state })
    const now = app.make('clock').now()
    sayLimits(request, [...counted.values()], now)
    if (state.isExceeded) throw new TooManyRequestsError(state.max, Math.max(0, state.resetAt - now))
  }

  async #count(key: string, app: Application): Promise<RateState | undefined> {
    // Outside of what is forgiven: without config/cache.ts nothing would ever be counted.
    const limiter = app.make('limiter')
    try {
      return await limiter.hit(key, this.#limit)
    } catch (error) {
      if (this.#options.whenAway === 'refuse') throw error
      this.#warn(error, app)
      return undefined
    }
  }

  /** Not for each request: those are many while a store is away. */
  #warn(error: unknown, app: Application): void {
    const now = app.make('clock').now()
    if (now - this.#warnedAt < WARNING_PAUSE) return
    this.#warnedAt = now
    const message = 'The store that counts requests does not answer: they pass uncounted.'
    app.make('log').warn({ err: error }, message)
  }

  async #keyOf(request: ClientRequest, app: Application): Promise<string> {
    const { max, window } = this.#limit
    const { name } = this.#options
    // HEAD is answered by the handler of GET, and takes as much.
    const what = name === undefined ? `route ${request.route.replace(/^HEAD /, 'GET ')}` : `name ${name}`
    return `throttle ${what} ${max}/${window} ${await this.#clientOf(request, app)}`
  }

  async #clientOf(request: ClientRequest, app: Application): Promise<string> {
    const { by = 'address' } = this.#options
    if (typeof by === 'function') return `key ${await by(request, app)}`
    if (by === 'user' && request.user) return `user ${idOf(request.user)}`
    return `address ${addressGroup(request.ip)}`
  }
}

/**
 * Lets so many requests of a client pass in a window of time; the others get a 429 that says when to come back. Every reply says
 * how many are left.
 *
 * @throws {InvalidLimitError}
 * @example
 * ```ts
 * import { throttle } from 'limber/cache'
 * import type { Router } from 'limber/http'
 *
 * export default (router: Router) => {
 *   router.group({ guards: [throttle({ max: 100 })] }, (api) => {
 *     api.get('/books', () => [])
 *     api.post('/reports', () => 'soon', { guards: [throttle({ max: 5, window: 3_600_000, by: 'user' })] })
 *   })
 * }
 * ```
 */
export function throttle(options: ThrottleOptions = {}): Guard {
  return new Throttle(options)
}

/** What the throttles before this one have counted for the same request, by their keys. */
const counts = new WeakMap<ClientRequest, Map<string, Counted>>()

function countedFor(request: ClientRequest): Map<string, Counted> {
  const known = counts.get(request) ?? new Map<string, Counted>()
  counts.set(request, known)
  return known
}

function idOf(user: object): string {
  const id: unknown = Reflect.get(user, 'id')
  if (typeof id === 'string' || typeof id === 'number' || typeof id === 'bigint') return String(id)
  throw new InvalidLimitError(
    'by',
    'user',
    'Say what tells users apart, since they have no id: by: (request) => ….',
  )
}
