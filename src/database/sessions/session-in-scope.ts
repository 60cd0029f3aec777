/** @module The part that a session takes in the end of its scope. */
import type { SqlEntityManager } from '@mikro-orm/sql'
import type { ScopeParticipant } from '../../application/ports/scope-participant.ts'
import type { Scope } from '../../application/scope.ts'
import { closedError } from '../connections/closed-connections.ts'
import { SessionTransaction } from '../transactions/session-transaction.ts'
import { findPendingChanges } from './pending-changes.ts'
import { UnflushedChangesError } from './session-errors.ts'

export interface SessionSettings {
  /** What the session is called when one of several connections fails. */
  readonly name: string
  /** Whether the end of a scope that does not say flushes it. */
  readonly autoCommit: boolean
  /** How long a write waits for other units of work of this process, in milliseconds. */
  readonly writerTimeout?: number | undefined
  /** Told of changes that nobody flushed; what it throws fails the scope. */
  readonly onUnflushed: (error: UnflushedChangesError) => void
}

/** What the end of a scope asks of its session. */
interface EndingSession extends SqlEntityManager {
  flushLast(): Promise<void>
  idle(): Promise<void>
  close(): Promise<void>
}

export class SessionInScope implements ScopeParticipant {
  readonly name: string
  readonly autoCommit: boolean
  readonly scope: Scope
  readonly transaction: SessionTransaction
  readonly #session: EndingSession
  readonly #settings: SessionSettings

  constructor(session: EndingSession, scope: Scope, settings: SessionSettings) {
    this.name = settings.name
    this.autoCommit = settings.autoCommit
    this.scope = scope
    this.#session = session
    this.#settings = settings
    const onBegin = () => scope.wrote(this)
    this.transaction = new SessionTransaction(session, scope, onBegin, settings.writerTimeout)
  }

  get flushesAtEnd(): boolean {
    return this.scope.autoCommit ?? this.autoCommit
  }

  async flush(): Promise<void> {
    await this.transaction.settle()
    // What has failed is pending still: it would only fail again, with the same words.
    this.transaction.refuseCommit()
    // Without its connection, only what is lost is worth an error.
    const isClosed = closedError(this.#session.config) !== undefined
    if (isClosed && findPendingChanges(this.#session).length === 0) return
    await this.#session.flushLast()
  }

  async checkFlushed(): Promise<void> {
    await this.transaction.settle()
    const changes = findPendingChanges(this.#session)
    if (changes.length > 0) this.#settings.onUnflushed(new UnflushedChangesError(this.scope.title, changes))
  }

  commit(): Promise<void> {
    return this.transaction.ending(async () => {
      await this.#session.idle()
      await this.transaction.commit()
    })
  }

  async commitByHand(): Promise<void> {
    await this.commit()
    this.scope.committedByHand(this)
  }

  rollback(): Promise<void> {
    return this.transaction.ending(async () => {
      // What is still going on would go on outside of the transaction that it has begun in.
      await this.#session.idle()
      await this.transaction.rollback()
    })
  }

  /** What somebody has begun to write after the commit, and not awaited, is undone: nobody was promised it. */
  async close(): Promise<void> {
    await this.rollback()
    await this.#session.close()
  }
}
