/** @module Sessions: what is remembered of a client between its requests, on the server. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Application } from '../../application/application.ts'
import type { Clock } from '../../application/ports/clock.ts'
import type { SessionStore } from '../../application/ports/session-store.ts'
import type { Fault } from '../../errors/limber-error.ts'
import { loadFeature } from '../../support/load-feature.ts'
import { type Secrets, secretsOf } from '../../support/secrets.ts'
import type { RequestFacts } from '../requests/request-facts.ts'
import type { CookieOptions, CookieScope } from './cookie-options.ts'
import { AbilityOffError } from './errors.ts'
import { HttpSession, storedIn } from './http-session.ts'
import { memorySessions } from './memory-sessions.ts'
import { SessionRecords } from './session-records.ts'

export interface SessionsConfig {
  /** Where sessions are kept, or what gives that when the server starts; default: in the memory of the process. */
  readonly store?: SessionStore | ((app: Application) => SessionStore)
  /** How long a session lives without requests, in milliseconds; default: 7,200,000, two hours. */
  readonly idleTimeout?: number
  /** How long a session lives at most, in milliseconds; default: 604,800,000, a week. */
  readonly lifetime?: number
  /** The cookie that carries its id; it is signed, and no script can read it. */
  readonly cookie?: SessionCookie
}

export interface SessionCookie extends CookieScope, Pick<CookieOptions, 'sameSite' | 'secure'> {
  /** Default: `session`. */
  readonly name?: string
  /** Whether it stays when the browser is closed; default false. */
  readonly persistent?: boolean
}

const HOUR = 3_600_000
const WEEK = 7 * 24 * HOUR

type CookieName = CookieScope & { readonly name: string }
const cookies = new WeakMap<FastifyInstance, CookieName>()
const sessions = new WeakMap<FastifyRequest, HttpSession>()
/** Kept, since a server that takes the place of another one has to find the same sessions. */
const stores = new WeakMap<Application, SessionStore>()

export function faultsOfSessions(
  { idleTimeout, lifetime }: SessionsConfig,
  secrets: Secrets | undefined,
): Fault[] {
  const faults = Object.entries({ idleTimeout, lifetime })
    .filter(([, value]) => value !== undefined && !(value > 0))
    .map(([option, value]) => ({
      path: `sessions.${option}`,
      message: `${value} is no time above zero. Give milliseconds, or leave it out.`,
    }))
  if (secrets !== undefined) return faults
  const message =
    'There is no secret to sign their cookie with. Add cookies: { secret: env.secret("APP_SECRET") }.'
  return [{ path: 'sessions', message }, ...faults]
}

/** @throws {PackageMissingError} */
export async function addSessions(
  server: FastifyInstance,
  config: SessionsConfig,
  { app, secrets }: { readonly app: Application; readonly secrets: Secrets },
): Promise<void> {
  const load = () => import('@fastify/session')
  const session = await loadFeature('@fastify/session', '"sessions" in config/http.ts', load)
  const { name = 'session', persistent = false, ...cookie } = config.cookie ?? {}
  const { idleTimeout = 2 * HOUR, lifetime = WEEK } = config
  const clock = () => app.make('clock')
  const records = new SessionRecords(storeOf(app, config), { idleTimeout, lifetime }, clock)
  settleBeforeSaving(server, records, idleTimeout, clock)
  await server.register(session.default, {
    secret: secretsOf(secrets),
    cookieName: name,
    store: records,
    saveUninitialized: false,
    rolling: false,
    cookie: {
      path: '/',
      sameSite: 'lax',
      secure: 'auto',
      ...cookie,
      httpOnly: true,
      ...(persistent && { maxAge: idleTimeout }),
    },
  })
  cookies.set(server, { name, path: cookie.path ?? '/', ...(cookie.domain && { domain: cookie.domain }) })
}

/**
 * Gives the session of a request. Nothing is kept of one that nobody writes in.
 *
 * @throws {AbilityOffError} when sessions are not configured
 * @example
 * ```ts
 * import { type HttpContext, sessionOf } from 'limber/http'
 *
 * declare module 'limber/http' {
 *   interface SessionValues {
 *     visits: number
 *   }
 * }
 *
 * export function visit(context: HttpContext) {
 *   const session = sessionOf(context)
 *   const visits = (session.get('visits') ?? 0) + 1
 *   session.set('visits', visits)
 *   return { visits }
 * }
 * ```
 */
export function sessionOf({ response }: Pick<RequestFacts, 'response'>): HttpSession {
  const session = clientSession(response.raw)
  if (!session) throw new AbilityOffError('sessionOf()', '"sessions"')
  return session
}

/** Gives the session of a request; undefined where sessions are not configured. */
export function clientSession(reply: FastifyReply): HttpSession | undefined {
  const { request } = reply
  const cookie = cookies.get(request.server)
  if (!cookie) return undefined
  let session = sessions.get(request)
  if (!session) {
    session = new HttpSession(request, reply, cookie)
    sessions.set(request, session)
  }
  return session
}

function storeOf(app: Application, { store = memorySessions() }: SessionsConfig): SessionStore {
  const kept = stores.get(app) ?? (typeof store === 'function' ? store(app) : store)
  stores.set(app, kept)
  return kept
}

/** Before the plugin looks whether there is something to save: it goes by what has changed. */
function settleBeforeSaving(
  server: FastifyInstance,
  records: SessionRecords,
  idleTimeout: number,
  clock: () => Clock,
): void {
  server.addHook('onSend', (request, reply, _payload, done) => {
    if (reply.statusCode >= 400) sessions.get(request)?.revert()
    const stored = storedIn(request)
    if (stored && records.isUnkept(stored)) {
      // This reply tells of it. Another try that fails would leave no handler for the error.
      Reflect.set(request, 'session', null)
      return done()
    }
    const now = clock().now()
    // Not with each request, so that those who only read cost no write.
    if (stored?.seenAt !== undefined && now - stored.seenAt > idleTimeout / 10) stored.seenAt = now
    done()
  })
}
