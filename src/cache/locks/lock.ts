/** @module A lock that is held: until it is released, or its time is over. */
import type { CacheStore } from '../../application/ports/cache-store.ts'
import { LONGEST_TIMER } from '../../support/longest-timer.ts'
import { LockLostError } from './errors.ts'
import { checkTtl } from './lock-options.ts'
import { AFTERLIFE, keyOf, readRecord, textOf } from './lock-record.ts'

/** What locks need of where they come from. */
export interface LockHome {
  readonly store: CacheStore
  now(): number
  /** Hears of locks that were given back. */
  freed(name: string): void
  /** Hears of what failed where nobody can be told. */
  warn(error: unknown, message: string): void
}

export interface LockFacts {
  readonly name: string
  readonly fence: number
  readonly owner: string
  readonly expiresAt: number
}

/**
 * A lock that `cache.locker` has given. It ends by itself when its time is over, also while its holder believes to hold it:
 * give `fence` to what you write, so that what comes too late is refused.
 *
 * @example
 * ```ts
 * import type { Locker } from 'limber/cache'
 *
 * async function settle(locker: Locker) {
 *   const lock = await locker.acquire('accounts', { ttl: 60_000 })
 *   try {
 *     lock.refuseLost() // before each step that cannot be taken back
 *   } finally {
 *     await lock.release()
 *   }
 * }
 * ```
 */
export class Lock implements AsyncDisposable {
  readonly name: string
  /** Larger than that of every lock of this name before. */
  readonly fence: number
  readonly #home: LockHome
  readonly #owner: string
  readonly #loss = new AbortController()
  #expiresAt: number
  /** What is kept of it, as far as we know. */
  #text: string
  #state: 'held' | 'released' | 'lost' = 'held'
  #timer: NodeJS.Timeout | undefined
  /** The last change of the record: answers may overtake each other, so the next one waits for it. */
  #writing: Promise<unknown> = Promise.resolve()

  constructor(home: LockHome, { name, fence, owner, expiresAt }: LockFacts) {
    this.name = name
    this.fence = fence
    this.#home = home
    this.#owner = owner
    this.#expiresAt = expiresAt
    this.#text = textOf({ fence, until: expiresAt, owner })
  }

  /** When it ends by itself, in milliseconds since 1970. */
  get expiresAt(): number {
    return this.#expiresAt
  }

  /** Is aborted when the lock is lost, not when it is released; its reason is a LockLostError. */
  get signal(): AbortSignal {
    this.#watch()
    return this.#loss.signal
  }

  /** Says whether it is held by the clock of this process; it asks nobody. */
  isHeld(): boolean {
    if (this.#state === 'held' && this.#home.now() >= this.#expiresAt) this.#lose()
    return this.#state === 'held'
  }

  /** @throws {LockLostError} when it is not held any more */
  refuseLost(): void {
    if (!this.isHeld()) throw new LockLostError(this.name)
  }

  /**
   * Lets it end so much later than now.
   *
   * @param ttl in milliseconds
   * @throws {LockLostError} when it is not held any more @throws {InvalidLockError}
   */
  async extend(ttl: number): Promise<void> {
    checkTtl(ttl)
    this.refuseLost()
    const expiresAt = this.#home.now() + ttl
    if (await this.#write(expiresAt)) this.#expiresAt = expiresAt
    else this.#lose()
    this.refuseLost()
    if (this.#timer) this.#watch()
  }

  /**
   * Gives it back, for the next one to take; what is not held any more is left alone.
   *
   * @returns whether it was held until now: otherwise somebody else may have had it meanwhile
   */
  async release(): Promise<boolean> {
    if (!this.isHeld()) return false
    const wasHeld = await this.#write(undefined)
    if (this.#state !== 'held') return wasHeld
    if (!wasHeld) this.#lose()
    else {
      this.#state = 'released'
      clearTimeout(this.#timer)
      this.#home.freed(this.name)
    }
    return wasHeld
  }

  /** Releases it. It never throws, which would hide an error of the block: what cannot be released ends by itself. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.release()
    } catch (error) {
      this.#home.warn(error, `The lock "${this.name}" could not be released; it ends by itself.`)
    }
  }

  /** Changes the record if it is still ours. @param until undefined: it is free */
  #write(until: number | undefined): Promise<boolean> {
    const writing = this.#writing.then(() => this.#exchange(until))
    this.#writing = writing.catch(() => undefined)
    return writing
  }

  async #exchange(until: number | undefined): Promise<boolean> {
    // It was released meanwhile.
    if (readRecord(this.#text).owner !== this.#owner) return false
    const { store } = this.#home
    const key = keyOf(this.name)
    const owner = until === undefined ? '' : this.#owner
    const text = textOf({ fence: this.fence, until: until ?? 0, owner })
    const lifetime = Math.max(0, (until ?? 0) - this.#home.now()) + AFTERLIFE
    while (!(await store.replace(key, this.#text, text, lifetime))) {
      // An answer that was lost on the way: the record may be ours with other words.
      const [found] = await store.get([key])
      if (!found || readRecord(found.text).owner !== this.#owner) return false
      this.#text = found.text
    }
    this.#text = text
    return true
  }

  #lose(): void {
    if (this.#state !== 'held') return
    this.#state = 'lost'
    clearTimeout(this.#timer)
    this.#loss.abort(new LockLostError(this.name))
  }

  /** Looks at the clock of the service when the time should be over: timers go by another one. */
  #watch(): void {
    clearTimeout(this.#timer)
    if (!this.isHeld()) return
    const left = this.#expiresAt - this.#home.now()
    this.#timer = setTimeout(() => this.#watch(), Math.min(left, LONGEST_TIMER)).unref()
  }
}
