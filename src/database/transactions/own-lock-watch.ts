/** @module Notices a wait for a lock that one's own unit of work holds further out: to the server they are two strangers. */
import type { Transaction } from '@mikro-orm/core'
import { LockWaitTimeoutException } from '@mikro-orm/core'
import type { AbstractSqlConnection, SqlEntityManager } from '@mikro-orm/sql'
import { dialectOf } from '../connections/dialect-of.ts'
import { openSideConnection } from '../connections/side-connection.ts'
import { OwnLockError } from '../errors.ts'
import { type Backend, backendOf, identify, LOCK_SQL, type LockSql, wasCancelled } from './lock-sql.ts'
import { ownersAround, transactionsOf } from './write-lock.ts'

/** How often the server is asked, in milliseconds. MariaDB looks again only when nobody has asked for 100. */
const INTERVAL = 500

/** The units of work of one connection that are watched; they are asked about together. */
class Watches {
  readonly em: SqlEntityManager
  readonly sql: LockSql
  readonly #all = new Set<OwnLockWatch>()
  #asking: AbstractSqlConnection | undefined
  /** One at a time waits or looks, until nobody is left. */
  #isRunning = false
  /** Whether the server does not tell its user who waits for whom. */
  isBlind = false

  constructor(em: SqlEntityManager, sql: LockSql) {
    this.em = em
    this.sql = sql
  }

  add(watch: OwnLockWatch): void {
    this.#all.add(watch)
    if (this.#isRunning) return
    this.#isRunning = true
    this.#wait()
  }

  delete(watch: OwnLockWatch): void {
    this.#all.delete(watch)
  }

  #wait(): void {
    const timer = setTimeout(() => this.#look(), INTERVAL)
    // Who waits for a lock keeps the process alive by its own connection.
    timer.unref()
  }

  async #look(): Promise<void> {
    if (this.#all.size > 0) await this.#ask().catch(() => undefined)
    if (this.#all.size > 0) return this.#wait()
    const asking = this.#asking
    this.#asking = undefined
    this.#isRunning = false
    // Nothing was written over it, so that there is nothing to lose.
    await asking?.close(true).catch(() => undefined)
  }

  async #ask(): Promise<void> {
    // The pool may be full of those who wait.
    this.#asking ??= openSideConnection(this.em)
    const [{ own: { version = '' } = {} } = {}] = this.#all
    try {
      const pairs = await this.#asking.execute<{ id: unknown; holder: unknown }[]>(this.sql.waits(version))
      this.isBlind = false
      const waits = Map.groupBy(pairs, ({ id }) => Number(id))
      const holdersOf = (id: number) => (waits.get(id) ?? []).map(({ holder }) => Number(holder))
      for (const watch of [...this.#all].filter((each) => each.waitsForOwn(holdersOf))) {
        watch.isFound = true
        await this.#asking.execute(this.sql.cancel, [watch.own.id])
      }
    } catch (error) {
      this.isBlind = true
      throw error
    }
  }
}

const connections = new WeakMap<object, Watches>()

export class OwnLockWatch {
  readonly own: Backend
  /** Whether its statement was ended because it would have waited for ever. */
  isFound = false
  readonly #watches: Watches
  readonly #owners: readonly object[]

  /**
   * Watches a transaction that has just begun, if something is around it that has or may yet have another one.
   *
   * @param transaction or a connection that is kept for one user
   * @param owner what the transaction itself belongs to
   */
  static async begin(
    em: SqlEntityManager,
    transaction: Transaction,
    owner: object,
  ): Promise<OwnLockWatch | undefined> {
    const sql = LOCK_SQL[dialectOf(em.config) ?? 'sqlite']
    const around = ownersAround().filter((one) => one !== owner)
    if (around.length === 0 || !sql) return undefined
    const own = await identify(em, transaction, sql)
    if (!own) return undefined
    const watches = connections.get(em.config) ?? new Watches(em, sql)
    connections.set(em.config, watches)
    return new OwnLockWatch(watches, own, around)
  }

  private constructor(watches: Watches, own: Backend, owners: readonly object[]) {
    this.own = own
    this.#watches = watches
    this.#owners = owners
    watches.add(this)
  }

  /** Whether it waits for a unit of work around it, also by way of others who wait. */
  waitsForOwn(holdersOf: (id: number) => readonly number[]): boolean {
    const seen = new Set([this.own.id])
    for (const id of seen) for (const holder of holdersOf(id)) seen.add(holder)
    seen.delete(this.own.id)
    return seen.size > 0 && this.#outer().some((id) => seen.has(id))
  }

  /** The error of a statement, which is another one where the statement was ended from here. */
  explain(error: unknown): unknown {
    if (this.isFound && wasCancelled(error)) {
      this.isFound = false
      return new OwnLockError(error)
    }
    // Who may not see the locks is told by the limit of the server itself.
    const isLate =
      this.#watches.isBlind && error instanceof Error && error.cause instanceof LockWaitTimeoutException
    return isLate ? new OwnLockError(error) : error
  }

  stop(): void {
    this.#watches.delete(this)
  }

  /** Those that are not known yet are asked, and will be at the next look: their connection may be busy. */
  #outer(): number[] {
    const { em, sql } = this.#watches
    return transactionsOf(em.config, this.#owners).flatMap((transaction) => {
      const known = backendOf(transaction)
      if (!known) void identify(em, transaction, sql)
      return known ? [known.id] : []
    })
  }
}
