/** @module Sessions in the memory of the process: for development, tests, and servers of one process. */
import type { ProcessMemory } from '../../application/ports/process-memory.ts'
import type { SessionStore } from '../../application/ports/session-store.ts'

/** How often what is over is looked for, in milliseconds. */
const SWEEP = 60_000

export interface MemorySessionsOptions {
  /** How many are kept; with more, the one that was written longest ago is forgotten. Default: 100,000. */
  readonly max?: number
}

interface Entry {
  readonly data: string
  readonly expires: number
}

export class MemorySessions implements SessionStore, ProcessMemory {
  readonly name = 'sessions'
  readonly hint = 'Give sessions.store in config/http.ts a store that all processes share.'
  readonly #entries = new Map<string, Entry>()
  readonly #max: number
  #swept = 0

  constructor({ max = 100_000 }: MemorySessionsOptions = {}) {
    this.#max = max
  }

  async get(id: string): Promise<string | undefined> {
    const entry = this.#entries.get(id)
    return entry && entry.expires > Date.now() ? entry.data : undefined
  }

  async set(id: string, data: string, ttl: number): Promise<void> {
    this.#sweep(Date.now())
    // Taken out first, so that the first one is always the one that was written longest ago.
    this.#entries.delete(id)
    this.#entries.set(id, { data, expires: Date.now() + ttl })
    const [oldest] = this.#entries.keys()
    if (oldest !== undefined && this.#entries.size > this.#max) this.#entries.delete(oldest)
  }

  async destroy(id: string): Promise<void> {
    this.#entries.delete(id)
  }

  /** On the way, since a timer would keep the process alive. */
  #sweep(now: number): void {
    if (now - this.#swept < SWEEP) return
    this.#swept = now
    for (const [id, { expires }] of this.#entries) if (expires <= now) this.#entries.delete(id)
  }
}

/**
 * Keeps sessions in the memory of the process: they are gone when it ends, and each of several processes has its own. Visitors
 * who never come back cannot fill it: it keeps so many and no more.
 *
 * @example
 * ```ts
 * import { env } from 'limber'
 * import { defineHttp, memorySessions } from 'limber/http'
 *
 * export default defineHttp({
 *   cookies: { secret: env.secret('APP_SECRET') },
 *   sessions: { store: memorySessions() },
 * })
 * ```
 */
export function memorySessions(options: MemorySessionsOptions = {}): SessionStore {
  return new MemorySessions(options)
}
