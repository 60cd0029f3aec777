/** @module Between the session plugin and a store: what is kept of a session, under which id, and for how long. */
import { createHash } from 'node:crypto'
import type { Clock } from '../../application/ports/clock.ts'
import type { SessionStore } from '../../application/ports/session-store.ts'

type Values = Readonly<Record<string, string>>

/** What the plugin's session object carries for us. */
export interface StoredSession {
  /** Each value as JSON, so that nobody changes one in place. */
  values?: Values | undefined
  /** The values as this request has found them; not stored. */
  loaded?: Values | undefined
  /** When it began; undefined until it is loaded from the store. */
  createdAt?: number
  /** When it was last known to be in use. */
  seenAt?: number
  /** The secret of the CSRF plugin, which wants it under this name. */
  _csrf?: string | undefined
}

export interface SessionTimes {
  /** In milliseconds. */
  readonly idleTimeout: number
  /** In milliseconds. */
  readonly lifetime: number
}

/** The plugin takes whatever object there is, and adds its cookie to it. */
type Done = (error: unknown, session?: never) => void

export class SessionRecords {
  readonly #store: SessionStore
  readonly #times: SessionTimes
  readonly #clock: () => Clock
  /** The sessions that the store did not take. */
  readonly #unkept = new WeakSet<object>()

  constructor(store: SessionStore, times: SessionTimes, clock: () => Clock) {
    this.#store = store
    this.#times = times
    this.#clock = clock
  }

  get(id: string, done: Done): void {
    this.#load(keyOf(id)).then(
      // Typed as never: what the types of the plugin ask for, it adds itself.
      (session) => done(null, session as never),
      (error: unknown) => done(error),
    )
  }

  set(id: string, session: object, done: (error?: unknown) => void): void {
    // The object of the plugin keeps what we set on it.
    this.#save(keyOf(id), session as StoredSession).then(
      () => done(),
      (error: unknown) => {
        this.#unkept.add(session)
        done(error)
      },
    )
  }

  /** Whether the store has refused to keep this session. */
  isUnkept(session: object): boolean {
    return this.#unkept.has(session)
  }

  destroy(id: string, done: (error?: unknown) => void): void {
    this.#store.destroy(keyOf(id)).then(() => done(), done)
  }

  async #load(key: string): Promise<StoredSession | null> {
    const data = await this.#store.get(key)
    if (data === undefined) return null
    // The store gives back what #save has given it.
    const session = JSON.parse(data) as StoredSession
    if (this.#timeLeft(session) > 0) return { ...session, loaded: session.values }
    await this.#store.destroy(key)
    return null
  }

  async #save(key: string, { values, loaded, createdAt, _csrf }: StoredSession): Promise<void> {
    const isEmpty = Object.keys(values ?? {}).length === 0 && _csrf === undefined
    if (isEmpty && createdAt === undefined) return
    const current = createdAt === undefined ? {} : await this.#load(key)
    // Another request may have ended it meanwhile, by a logout: it must not come back.
    if (!current) return
    const now = this.#clock().now()
    const session = {
      values: withChanges(current.values, loaded, values),
      createdAt: createdAt ?? now,
      seenAt: now,
      _csrf: _csrf ?? current._csrf,
    }
    await this.#store.set(key, JSON.stringify(session), this.#timeLeft(session))
  }

  #timeLeft({ createdAt = 0, seenAt = 0 }: StoredSession): number {
    const { idleTimeout, lifetime } = this.#times
    return Math.min(seenAt + idleTimeout, createdAt + lifetime) - this.#clock().now()
  }
}

/** What a request has changed, on top of what there is by now: other requests of its client may have written meanwhile. */
export function withChanges(current: Values = {}, before: Values = {}, after: Values = {}): Values {
  const merged = new Map(Object.entries(current))
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) merged.delete(key)
  for (const [key, json] of Object.entries(after)) {
    if (!Object.hasOwn(before, key) || before[key] !== json) merged.set(key, json)
  }
  return Object.fromEntries(merged)
}

/** Whoever reads the store learns no id that a cookie could carry. */
function keyOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url')
}
