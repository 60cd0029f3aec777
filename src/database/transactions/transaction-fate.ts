/** @module What failing statements mean to the transaction they are in, which differs by database. */
import type { Transaction } from '@mikro-orm/core'
import { LockWaitTimeoutException } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { dialectOf } from '../connections/dialect-of.ts'
import { translateError } from '../connections/translate-errors.ts'
import { DatabaseUnavailableError } from '../errors.ts'
import { OwnLockWatch } from './own-lock-watch.ts'
import { type Ask, watchFailures } from './statement-failures.ts'
import {
  TransactionConflictError,
  TransactionFailedError,
  TransactionLostError,
} from './transaction-errors.ts'
import type { TransactionFrames } from './transaction-frames.ts'

/** These say already what the whole unit of work has come to. */
const SAID = [TransactionConflictError, TransactionFailedError, DatabaseUnavailableError]

interface Doom {
  readonly reason: unknown
}

export class TransactionFate {
  readonly #session: SqlEntityManager
  readonly #frames: TransactionFrames
  /** Why the transaction around all frames must not be committed any more. */
  #doom: Doom | undefined
  /** The conflict because of which the server has ended the transaction, savepoints and all. */
  #loss: Doom | undefined
  #ownLocks: OwnLockWatch | undefined
  #stopWatching: (() => void) | undefined

  constructor(session: SqlEntityManager, frames: TransactionFrames) {
    this.#session = session
    this.#frames = frames
  }

  /**
   * Follows a transaction that has just begun, with its savepoints. SQLite undoes the statement that has failed, and nothing
   * else.
   *
   * @param owner what it belongs to
   */
  async begin(transaction: Transaction, owner: object): Promise<void> {
    if (dialectOf(this.#session.config) === 'sqlite') return
    this.#ownLocks = await OwnLockWatch.begin(this.#session, transaction, owner)
    this.#stopWatching = await watchFailures(transaction, (failure, ask) => this.#noteFailure(failure, ask))
  }

  /** Called before the transaction gives its connection back. */
  release(): void {
    this.#ownLocks?.stop()
    this.#stopWatching?.()
    this.#ownLocks = undefined
    this.#stopWatching = undefined
  }

  /** Makes sure that a statement which has failed half-way is not committed: the innermost transaction has to end. */
  doom(reason: unknown): void {
    const { open } = this.#frames
    if (open) open.doom ??= { reason }
    else this.doomAll(reason)
  }

  doomAll(reason: unknown): void {
    this.#doom ??= { reason }
  }

  /**
   * Called before the transaction around all frames, or this one, is flushed for the last time, and before its commit.
   *
   * @throws {TransactionFailedError} when something in it has failed, and whoever called that has gone on
   * @throws {TransactionConflictError} as it is, so that the whole unit of work can be repeated
   * @throws {DatabaseUnavailableError} as it is: nothing that is done otherwise would have helped
   */
  refuseCommit(own?: { readonly doom: Doom | undefined }): void {
    const doom = this.#loss ?? (own ? own.doom : this.#doom)
    if (!doom) return
    const { reason } = doom
    throw SAID.some((type) => reason instanceof type) ? reason : new TransactionFailedError(reason, 'commit')
  }

  /**
   * Called before each statement.
   *
   * @throws {TransactionFailedError} on PostgreSQL, which refuses every statement after one that has failed
   * @throws {TransactionLostError} where a statement would be committed by itself
   */
  refuseStatement(): void {
    if (this.#loss) throw new TransactionLostError()
    const { open } = this.#frames
    const doom = open ? open.doom : this.#doom
    if (doom && dialectOf(this.#session.config) === 'postgres') throw new TransactionFailedError(doom.reason)
  }

  /** Called when the transaction is over. */
  end(): void {
    this.release()
    this.#doom = undefined
    this.#loss = undefined
  }

  async #noteFailure(failure: unknown, ask: Ask): Promise<unknown> {
    const translated = translateError(this.#session, failure)
    const error = this.#ownLocks?.explain(translated) ?? translated
    // PostgreSQL undoes a transaction in which a statement has failed, and answers its commit without an error.
    if (dialectOf(this.#session.config) === 'postgres') this.doom(error)
    else if (error instanceof TransactionConflictError && (await hasEnded(error, ask)))
      this.#loss ??= { reason: error }
    return error
  }
}

/** A deadlock ends a transaction of MariaDB and MySQL; a lock that was not to be had, only where they are told so. */
async function hasEnded({ cause }: TransactionConflictError, ask: Ask): Promise<boolean> {
  if (!(cause instanceof LockWaitTimeoutException)) return true
  const [row] = await ask('select @@innodb_rollback_on_timeout as ended')
  return Number(Reflect.get(Object(row), 'ended')) === 1
}
