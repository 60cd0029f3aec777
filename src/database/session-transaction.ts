/** @module The transaction of a scope: it opens with the first write of the session, and ends with the scope. */
import { type Transaction, TransactionEventBroadcaster } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import type { ScopeParticipant } from '../application/ports/scope-participant.ts'
import type { Scope } from '../application/scope.ts'

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

  constructor(name: string, session: TransactionalSession, scope: Scope) {
    this.name = name
    this.#session = session
    this.#scope = scope
  }

  /** Opens the transaction unless one is open; called before every statement that writes. */
  async open(): Promise<void> {
    if (this.#session.isInTransaction()) return
    await this.#session.begin()
    this.#transaction = this.#session.getTransactionContext()
    this.#scope.wrote(this)
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
    await this.#session
      .getConnection('write')
      .commit(transaction, new TransactionEventBroadcaster(this.#session))
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

  #end(): void {
    this.#transaction = undefined
    this.#session.resetTransactionContext()
  }
}
