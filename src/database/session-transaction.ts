/** @module The transaction of a scope: it opens with the first write of the session, and ends with the scope. */
import { type Transaction, TransactionEventBroadcaster } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import type { ScopeParticipant } from '../application/ports/scope-participant.ts'
import type { Scope } from '../application/scope.ts'
import { translateErrors } from './translate-errors.ts'
import { holdWriter, refuseOwnLock, releaseWriter } from './write-lock.ts'

/** What the transaction asks of its session. */
interface TransactionalSession extends SqlEntityManager {
  committed(): void
  rolledBack(): void
}

export class SessionTransaction implements ScopeParticipant {
  readonly name: string
  readonly #session: TransactionalSession
  readonly #scope: Scope
  #transaction: Transaction | undefined
  #opening: Promise<void> | undefined

  constructor(name: string, session: TransactionalSession, scope: Scope) {
    this.name = name
    this.#session = session
    this.#scope = scope
  }

  /** Opens the transaction unless one is open; called before every statement that writes. */
  async open(): Promise<void> {
    if (this.#session.isInTransaction()) return
    // Two statements that start at once share one transaction.
    this.#opening ??= this.#begin().finally(() => {
      this.#opening = undefined
    })
    await this.#opening
  }

  /** Puts the transaction back after a flush, at whose end the unit of work lets go of the one that it ran in. */
  resume(): void {
    if (this.#transaction) this.#session.setTransactionContext(this.#transaction)
  }

  async flush(): Promise<void> {
    await this.#session.flush()
  }

  async commit(): Promise<void> {
    const transaction = this.#transaction
    if (!transaction) return
    const committing = this.#session
      .getConnection('write')
      .commit(transaction, new TransactionEventBroadcaster(this.#session))
    await translateErrors(this.#session, committing)
    this.#end()
    this.#session.committed()
  }

  async rollback(): Promise<void> {
    try {
      if (this.#transaction) await this.#session.rollback()
    } finally {
      this.#end()
      this.#session.rolledBack()
    }
  }

  async close(): Promise<void> {
    this.#session.clear()
  }

  async #begin(): Promise<void> {
    refuseOwnLock(this.#session.config)
    await translateErrors(this.#session, this.#session.begin())
    this.#transaction = this.#session.getTransactionContext()
    holdWriter(this.#session.config, this.#scope)
    this.#scope.wrote(this)
  }

  #end(): void {
    releaseWriter(this.#session.config, this.#scope)
    this.#transaction = undefined
    this.#session.resetTransactionContext()
  }
}
