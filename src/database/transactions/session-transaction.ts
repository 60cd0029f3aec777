/** @module The transaction of a session: that of its scope opens with the first write, and others nest in it as savepoints. */
import type { Transaction } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import type { Scope } from '../../application/scope.ts'
import { currentScope } from '../../container/resolution-frame.ts'
import { detachAll } from '../sessions/detach-all.ts'
import { RollbackJournal } from '../sessions/rollback-journal.ts'
import { SessionClosedError } from '../sessions/session-errors.ts'
import { FramedTransactions } from './framed-transactions.ts'
import { IsolationError, NoTransactionError, TransactionOpenError } from './transaction-errors.ts'
import { TransactionFate } from './transaction-fate.ts'
import type { TransactionFrame } from './transaction-frame.ts'
import { TransactionFrames } from './transaction-frames.ts'
import type { Isolation, JoiningOptions } from './transaction-options.ts'
import { TransactionStatements } from './transaction-statements.ts'
import { holdWriter, ownersAround, refuseOwnLock, transactionsOf, WRITER_TIMEOUT } from './write-lock.ts'

export class SessionTransaction {
  readonly #session: SqlEntityManager
  readonly #journal = new RollbackJournal()
  readonly #frames: TransactionFrames
  readonly #fate: TransactionFate
  readonly #scope: Scope | undefined
  readonly #onBegin: () => void
  readonly #statements: TransactionStatements
  readonly #framed: FramedTransactions
  #root: Transaction | undefined
  #opening: Promise<void> | undefined
  /** Notes that the transaction holds no locks any more. */
  #release: (() => void) | undefined
  #isEnding = false

  /**
   * @param scope the scope it ends with; without one, each transaction ends with the function that runs in it
   * @param onBegin called when the transaction of the scope has begun
   */
  constructor(
    session: SqlEntityManager,
    scope?: Scope,
    onBegin: () => void = () => undefined,
    writerTimeout = WRITER_TIMEOUT,
  ) {
    this.#session = session
    this.#frames = new TransactionFrames(session)
    this.#fate = new TransactionFate(session, this.#frames)
    this.#scope = scope
    this.#onBegin = onBegin
    this.#statements = new TransactionStatements(session, writerTimeout)
    this.#framed = new FramedTransactions({
      session,
      frames: this.#frames,
      fate: this.#fate,
      statements: this.#statements,
      journal: this.#journal,
    })
  }

  /** What to undo in memory when the innermost transaction fails. */
  get journal(): RollbackJournal {
    return this.#frames.journals[0] ?? this.#journal
  }

  /** Ends the transaction; whoever begins to write meanwhile is refused, since it would be too late. */
  async ending(end: () => Promise<void>): Promise<void> {
    this.#isEnding = true
    try {
      await end()
    } finally {
      this.#isEnding = false
    }
  }

  /** @throws {OverlappingWorkError} inside a transaction that was given a function, which ends by itself */
  refuseInside(what: string): void {
    this.#frames.refuseInside(what)
  }

  /** @throws {OverlappingWorkError} when a transaction is going on that this code is not in */
  refuseOverlap(what: string): void {
    this.#frames.refuseOverlap(what)
  }

  /** Called before a statement that only reads, in the transaction. */
  beforeRead(): void {
    this.#fate.refuseStatement()
  }

  /** Called before every statement that writes: opens the transaction of the scope unless it is open. */
  async beforeWrite(what: string): Promise<void> {
    if (this.#isEnding) throw new SessionClosedError()
    this.#frames.refuseOverlap(what)
    this.#fate.refuseStatement()
    if (this.#scope) return this.open()
    if (this.#session.isInTransaction()) return
    refuseOwnLock(this.#session.config)
    await this.#frames.innermost?.open?.()
  }

  /** Opens the transaction of the scope, or of a session that somebody begins by hand, unless it is open. */
  async open(isolation?: Isolation): Promise<void> {
    if (this.#session.isInTransaction()) return this.#statements.refuseLost()
    // Two statements that start at once share one transaction.
    this.#opening ??= this.#openRoot(isolation).finally(() => {
      this.#opening = undefined
    })
    await this.#opening
  }

  /** Puts the transaction back after a flush, at whose end the unit of work lets go of the one that it ran in. */
  resume(): void {
    const current = this.#current()
    if (current) this.#session.setTransactionContext(current)
  }

  /** Runs a function as its propagation asks, relative to the transaction that may be open. */
  async run<T>(fn: () => T | Promise<T>, { propagation = 'nested', isolation }: JoiningOptions): Promise<T> {
    const isOpen = this.#session.isInTransaction()
    if (propagation === 'never' && isOpen) throw new TransactionOpenError()
    if (propagation === 'mandatory' && !isOpen) throw new NoTransactionError()
    const begins = propagation === 'nested' || (propagation === 'required' && !isOpen)
    if (isolation && (isOpen || !begins)) throw new IsolationError(isolation)
    return begins ? this.#begin((frame) => this.#runIn(frame, fn, isolation)) : fn()
  }

  /**
   * Runs a statement. That of a session which belongs to no scope gets a transaction of its own inside a unit of work that
   * has written: only there can a wait for a lock of that unit of work be noticed.
   */
  async runStatement<T>(fn: () => Promise<T>): Promise<T> {
    const { config } = this.#session
    if (!this.#isFree || transactionsOf(config, ownersAround()).length === 0) return fn()
    return this.#begin((frame) => this.#framed.alone(frame, fn, {}))
  }

  /** Runs a flush. That of a session which belongs to no scope has a transaction of its own, if it finds something to write. */
  async runFlush(fn: () => Promise<void>): Promise<void> {
    if (!this.#isFree) return fn()
    await this.#begin((frame) => this.#framed.alone(frame, fn, { isFlush: true }))
    this.#journal.clear()
  }

  /** Whether nothing but its own statements begins and ends a transaction. */
  get #isFree(): boolean {
    return !this.#scope && !this.#session.isInTransaction()
  }

  /** Waits for a transaction that somebody has begun to open, perhaps without awaiting it. */
  async settle(): Promise<void> {
    // Whoever wants to write is told why it did not open.
    await this.#opening?.catch(() => undefined)
  }

  /** Makes sure that a statement which has failed half-way is not committed: the innermost transaction has to end. */
  doom(reason: unknown): void {
    if (this.#current()) this.#fate.doom(reason)
  }

  /** @throws {TransactionFailedError} when something in it has failed, and that was caught */
  refuseCommit(): void {
    this.#fate.refuseCommit()
  }

  async commit(): Promise<void> {
    if (!this.#root) return
    this.#fate.refuseCommit()
    this.#statements.refuseLost()
    this.#fate.release()
    await this.#statements.commit(this.#root)
    this.#end()
    this.#journal.clear()
  }

  async rollback(): Promise<void> {
    await this.settle()
    this.#fate.release()
    try {
      if (this.#root) await this.#statements.rollback(this.#root)
    } finally {
      this.#end()
      for (const journal of this.#frames.journals) journal.undo(this.#session)
      this.#journal.undo(this.#session)
      detachAll(this.#session)
    }
  }

  /** Runs a function in a savepoint, or in a transaction of its own where none is open and no scope would end it. */
  async #begin<T>(run: (frame: TransactionFrame) => Promise<T>): Promise<T> {
    if (this.#isEnding) throw new SessionClosedError()
    this.#fate.refuseStatement()
    return this.#frames.run(run, () => this.#root)
  }

  async #runIn<T>(frame: TransactionFrame, fn: () => T | Promise<T>, isolation?: Isolation): Promise<T> {
    const flushed = async () => {
      const result = await fn()
      this.#fate.refuseCommit(frame)
      await this.#session.flush()
      return result
    }
    if (this.#isFree) return this.#framed.alone(frame, flushed, { isolation })
    if (this.#scope) await this.open(isolation)
    // What came before is not undone with it.
    await this.#session.flush()
    frame.journal.moveTo(this.#framed.journalAround(frame))
    return this.#framed.inSavepoint(frame, flushed, this.#scope)
  }

  async #openRoot(isolation?: Isolation): Promise<void> {
    const { config } = this.#session
    refuseOwnLock(config)
    this.#root = await this.#statements.begin(isolation)
    // Begun by hand, it is taken to belong to the scope that is open here, if one is.
    const owner = this.#scope ?? currentScope()
    this.#release = holdWriter(config, owner, this.#scope?.title ?? 'session', this.#root)
    this.#session.setTransactionContext(this.#root)
    this.#journal.noteManaged(this.#session.getUnitOfWork(false))
    await this.#fate.begin(this.#root, this.#scope ?? this)
    this.#onBegin()
  }

  #current(): Transaction | undefined {
    return this.#frames.open?.transaction ?? this.#root
  }

  #end(): void {
    this.#fate.end()
    this.#release?.()
    this.#root = undefined
    this.#session.resetTransactionContext()
  }
}
