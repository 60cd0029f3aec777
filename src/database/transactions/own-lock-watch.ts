/** @module Notices a wait for a lock that one's own unit of work holds further out: to the server they are two strangers. */
import type { Transaction } from '@mikro-orm/core'
import { LockWaitTimeoutException } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { dialectOf } from '../connections/dialect-of.ts'
import { OwnLockError } from '../errors.ts'
import { type Backend, identify, LOCK_SQL, type LockSql } from './lock-sql.ts'
import { transactionsAround } from './write-lock.ts'

/** How often the server is asked, in milliseconds. MariaDB looks again only when nobody has asked for 100. */
const INTERVAL = 500

/** The units of work of one connection that are watched; they are asked about together. */
class Watches {
  readonly #em: SqlEntityManager
  readonly #waits: string
  readonly #cancel: string
  readonly #all = new Set<OwnLockWatch>()
  #timer: NodeJS.Timeout | undefined
  /** Whether the server does not tell its user who waits for whom. */
  isBlind = false

  constructor(em: SqlEntityManager, sql: LockSql, version: string) {
    this.#em = em
    this.#waits = sql.waits(version)
    this.#cancel = sql.cancel
  }

  add(watch: OwnLockWatch): void {
    this.#all.add(watch)
    this.#timer ??= setTimeout(() => this.#look(), INTERVAL)
  }

  delete(watch: OwnLockWatch): void {
    this.#all.delete(watch)
    if (this.#all.size > 0) return
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  async #look(): Promise<void> {
    const connection = this.#em.getConnection('write')
    try {
      const pairs = await connection.execute<{ id: unknown; holder: unknown }[]>(this.#waits)
      this.isBlind = false
      const waits = Map.groupBy(pairs, ({ id }) => Number(id))
      const holdersOf = (id: number) => (waits.get(id) ?? []).map(({ holder }) => Number(holder))
      const waiting = [...this.#all].filter((watch) => watch.waitsForOwn(holdersOf))
      for (const watch of waiting) {
        watch.hasFound = true
        await connection.execute(this.#cancel, [watch.own.id])
      }
    } catch {
      // It may be no more than a pool without room, so that it is asked again.
      this.isBlind = true
    }
    this.#timer = this.#all.size > 0 ? setTimeout(() => this.#look(), INTERVAL) : undefined
  }
}

const connections = new WeakMap<object, Watches>()

export class OwnLockWatch {
  readonly own: Backend
  /** Whether its statement was ended because it would have waited for ever. */
  hasFound = false
  readonly #outer: ReadonlySet<number>
  readonly #watches: Watches

  /**
   * Watches a transaction that has just begun, if another one is open around it.
   *
   * @param transaction or a connection that is kept for one user
   */
  static async begin(em: SqlEntityManager, transaction: Transaction): Promise<OwnLockWatch | undefined> {
    const around = transactionsAround(em.config)
    const sql = LOCK_SQL[dialectOf(em.config) ?? 'sqlite']
    if (around.length === 0 || !sql) return undefined
    const [own, ...outer] = await Promise.all([transaction, ...around].map((one) => identify(em, one, sql)))
    const ids = new Set(outer.flatMap((backend) => (backend ? [backend.id] : [])))
    if (!own || ids.has(own.id)) return undefined
    const watches = connections.get(em.config) ?? new Watches(em, sql, own.version)
    connections.set(em.config, watches)
    return new OwnLockWatch(watches, own, ids)
  }

  private constructor(watches: Watches, own: Backend, outer: ReadonlySet<number>) {
    this.own = own
    this.#outer = outer
    this.#watches = watches
    watches.add(this)
  }

  /** Whether it waits for a unit of work around it, also by way of others who wait. */
  waitsForOwn(holdersOf: (id: number) => readonly number[]): boolean {
    const seen = new Set([this.own.id])
    for (const id of seen) for (const holder of holdersOf(id)) seen.add(holder)
    return [...seen].some((id) => this.#outer.has(id))
  }

  /** The error of a statement, which is another one where the statement was ended from here. */
  explain(error: unknown): unknown {
    // Who may not see the locks is told by the limit of the server itself.
    const isLate =
      this.#watches.isBlind && error instanceof Error && error.cause instanceof LockWaitTimeoutException
    return this.hasFound || isLate ? new OwnLockError(error) : error
  }

  stop(): void {
    this.#watches.delete(this)
  }
}
