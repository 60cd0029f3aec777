/** @module Gives locks, among all processes that share a store. Bound as `cache.locker`. */
import { randomUUID } from 'node:crypto'
import type { Application } from '../../application/application.ts'
import type { CacheStore } from '../../application/ports/cache-store.ts'
import { LONGEST_TIMER } from '../../support/longest-timer.ts'
import { LockTimeoutError } from './errors.ts'
import { keepAlive } from './keep-alive.ts'
import { Lock, type LockHome } from './lock.ts'
import {
  type AcquireOptions,
  checkName,
  checkTtl,
  checkWait,
  type LockOptions,
  type RunOptions,
} from './lock-options.ts'
import { AFTERLIFE, keyOf, readRecord, textOf } from './lock-record.ts'
import { type Place, WaitingLines } from './waiting-lines.ts'

const TTL = 30_000
const WAIT = 10_000

/** Between two questions, in milliseconds: each pause is twice as long as the one before. */
const SHORTEST_PAUSE = 5
const LONGEST_PAUSE = 100

/**
 * Lets one at a time do something, among all processes that share the store. It works outside of the unit of work: a lock that
 * was taken in one that is rolled back is held until it is released.
 *
 * @example
 * ```ts
 * import type { Locker } from 'limber/cache'
 *
 * function report(locker: Locker, write: (fence: number) => Promise<void>) {
 *   return locker.run('reports', { renew: true }, (lock) => write(lock.fence))
 * }
 * ```
 */
export class Locker {
  readonly #home: LockHome
  readonly #lines = new WaitingLines()

  constructor(app: Application, store: CacheStore) {
    this.#home = {
      store,
      now: () => Math.floor(app.make('clock').now()),
      freed: (name) => this.#lines.wakeFirst(name),
      warn: (error, message) => app.make('log').warn({ err: error }, message),
    }
  }

  /**
   * Gives a lock, as soon as it is free. In one process those who come first have it first.
   *
   * @throws {LockTimeoutError} when others held it all the time @throws {InvalidLockError}
   */
  async acquire(name: string, { ttl = TTL, wait = WAIT, signal }: AcquireOptions = {}): Promise<Lock> {
    checkName(name)
    checkTtl(ttl)
    checkWait(wait)
    signal?.throwIfAborted()
    const place = this.#lines.join(name)
    try {
      const lock = await this.#waitFor(place, () => this.#attempt(name, ttl), wait, signal)
      if (!lock) throw new LockTimeoutError(name, wait)
      return lock
    } finally {
      this.#lines.leave(name, place)
    }
  }

  /**
   * Gives a lock if it is free.
   *
   * @throws {InvalidLockError}
   */
  async tryAcquire(name: string, { ttl = TTL }: LockOptions = {}): Promise<Lock | undefined> {
    checkName(name)
    checkTtl(ttl)
    return this.#attempt(name, ttl)
  }

  /**
   * Runs a function with a lock, which is released in any case.
   *
   * @throws {LockTimeoutError} when others held it all the time
   * @throws {LockLostError} when the function has succeeded, but the lock was lost meanwhile: its work may have met with that of others
   * @throws {InvalidLockError}
   */
  async run<T>(name: string, options: RunOptions, fn: (lock: Lock) => T | Promise<T>): Promise<T> {
    const lock = await this.acquire(name, options)
    const stop = options.renew ? keepAlive(lock, options.ttl ?? TTL, this.#home) : undefined
    let result: T
    try {
      result = await fn(lock)
    } finally {
      stop?.()
      await lock[Symbol.asyncDispose]()
    }
    lock.signal.throwIfAborted()
    return result
  }

  async #waitFor(
    place: Place,
    attempt: () => Promise<Lock | undefined>,
    wait: number,
    signal: AbortSignal | undefined,
  ): Promise<Lock | undefined> {
    const deadline = performance.now() + wait
    let pause = SHORTEST_PAUSE
    for (;;) {
      const lock = place.isFirst ? await attempt() : undefined
      if (lock) return lock
      const left = deadline - performance.now()
      if (left <= 0) return undefined
      // Those of other processes ask at other times.
      const rest = place.isFirst ? pause * (0.5 + Math.random() / 2) : LONGEST_TIMER
      const wasWoken = await place.pause(Math.min(rest, left), signal)
      pause = wasWoken ? SHORTEST_PAUSE : Math.min(pause * 2, LONGEST_PAUSE)
    }
  }

  async #attempt(name: string, ttl: number): Promise<Lock | undefined> {
    const { store } = this.#home
    const key = keyOf(name)
    const [found] = await store.get([key])
    const record = readRecord(found?.text)
    const now = this.#home.now()
    if (record.until > now) return undefined
    const facts = { name, fence: Math.max(record.fence + 1, now), owner: randomUUID(), expiresAt: now + ttl }
    const text = textOf({ ...facts, until: facts.expiresAt })
    const isOurs = await store.replace(key, found?.text, text, ttl + AFTERLIFE)
    return isOurs ? new Lock(this.#home, facts) : undefined
  }
}
