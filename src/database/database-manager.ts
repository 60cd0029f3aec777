/** @module The databases of an application: its connections by name, and units of work on them. */
import type { Application } from '../application/application.ts'
import type { ScopeOptions } from '../application/scope.ts'
import { attachCause } from '../errors/attempt-all.ts'
import { addConnection, type ConnectionRequest, removeConnection } from './added-connections.ts'
import type { ConnectionTable } from './connection-table.ts'
import type { Connection } from './connections/connection.ts'
import { sessionOf } from './sessions/scope-sessions.ts'
import type { Session } from './sessions/session.ts'
import { repeat } from './transactions/retry.ts'
import { JoinedTransactionError, NoTransactionError } from './transactions/transaction-errors.ts'
import { checkOptions, type TransactionOptions } from './transactions/transaction-options.ts'

export class DatabaseManager {
  readonly #app: Application
  readonly #table: ConnectionTable

  constructor(app: Application, table: ConnectionTable) {
    this.#app = app
    this.#table = table
  }

  /** The name of the connection of `db.connection` and `db.session`. */
  get defaultName(): string {
    return this.#table.defaultName
  }

  /**
   * Gives a connection, by default that of `db.connection`.
   *
   * @throws {ConnectionNotFoundError}
   * @throws {DatabaseOffError} when its driver is that of no database
   */
  connection(name?: string): Connection {
    return this.#table.get(name)
  }

  /**
   * Gives the name of the connection that a model is on; undefined for the default one.
   *
   * @throws {ModelOfModuleError} when it is that of a module whose connection is not open
   */
  homeOf(model: object): string | undefined {
    return this.#table.homeOf(model)
  }

  /**
   * Opens a connection beside those of the configuration, with models of its own. When it fails, nothing is left behind.
   *
   * @throws {ConnectionTakenError} @throws {DatabaseOffError}
   * @throws {ModelFileError} also when one of the models is on another connection, or has a relation to one that is
   * @throws {DatabaseFileError} @throws {DatabaseUnavailableError} @throws {ModuleDatabaseRefusedError}
   */
  add(request: ConnectionRequest): Promise<Connection> {
    return addConnection(this.#app, this.#table, request)
  }

  /**
   * Closes a connection that was added, and forgets it with its models. What still has a session of it is told so.
   *
   * @throws {ConnectionNotFoundError} when none was added under this name
   */
  remove(name: string): Promise<void> {
    return removeConnection(this.#table, name)
  }

  /**
   * Asks the database of the default connection whether it answers. One that is switched off has nothing to answer.
   *
   * @throws {DatabaseUnavailableError}
   */
  async ping(): Promise<void> {
    if (!this.#table.isOff(this.#table.defaultName)) await this.connection().ping()
  }

  /**
   * Opens a session that its maker owns and closes, best with `await using`: it commits with each flush, and no scope ends it.
   *
   * @example
   * ```ts
   * import { createApplication } from 'limber'
   *
   * await using app = await createApplication()
   * await app.boot()
   * await app.ready(['db'])
   * await using session = app.make('db').openSession()
   * await session.execute('select 1')
   * ```
   */
  openSession(name?: string): Session {
    return this.connection(name).openSession()
  }

  /**
   * Runs a function in a transaction. In a scope it is a part of the unit of work of the scope: a savepoint, which is
   * undone alone when the function throws. Elsewhere it is a unit of work of its own. Everything inside that uses
   * `db.session` is in it, without being handed anything.
   *
   * @throws {TransactionConflictError} @throws {RetriesExhaustedError}
   * @throws {ConnectionNotFoundError} @throws {TransactionOptionError}
   * @throws {NoTransactionError} @throws {TransactionOpenError} for the propagations that refuse
   * @throws {IsolationError} @throws {JoinedTransactionError} where the transaction has begun already
   * @throws {OverlappingWorkError} when another transaction of the same session is going on
   * @example
   * ```ts
   * import { createApplication } from 'limber'
   *
   * await using app = await createApplication()
   * await app.boot()
   * await app.ready(['db'])
   * await app.make('db').transaction(async (session) => {
   *   await session.execute('update account set balance = balance - 1 where id = ?', [1])
   * }, { isolation: 'serializable', retry: 3 })
   * ```
   */
  async transaction<T>(
    fn: (session: Session) => T | Promise<T>,
    { retry = 0, readOnly = false, propagation = 'nested', connection, ...options }: TransactionOptions = {},
  ): Promise<T> {
    checkOptions({ propagation, ...options })
    const joins = this.#app.currentScope() !== undefined && propagation !== 'requires-new'
    if (joins) {
      if (retry > 0) throw new JoinedTransactionError('repeated')
      if (readOnly) throw new JoinedTransactionError('made read-only')
      return sessionOf(this.#app, connection).transaction(fn, { propagation, ...options })
    }
    if (propagation === 'mandatory') throw new NoTransactionError()
    const begins = propagation === 'nested' || propagation === 'required' || propagation === 'requires-new'
    const work = (session: Session) =>
      begins && !readOnly ? session.transaction(fn, { propagation: 'nested', ...options }) : fn(session)
    return repeat(() => this.#inScope(work, { kind: 'transaction', readOnly }, connection), retry)
  }

  /**
   * Runs functions at once, each as a unit of work of its own, and gives their results in order. All are waited for; the
   * error of the first that failed is thrown, with those of the others behind its causes. What the others saved stays.
   *
   * @param connection the name of the connection of their sessions; default: that of `db.connection`
   * @throws {ConnectionNotFoundError}
   * @example
   * ```ts
   * import { createApplication } from 'limber'
   *
   * await using app = await createApplication()
   * await app.boot()
   * await app.ready(['db'])
   * const [books, authors] = await app.make('db').parallel([
   *   (session) => session.execute('select count(*) as n from book'),
   *   (session) => session.execute('select count(*) as n from author'),
   * ])
   * ```
   */
  async parallel<const T extends readonly ((session: Session) => unknown)[]>(
    branches: T,
    { connection }: { readonly connection?: string } = {},
  ): Promise<{ -readonly [I in keyof T]: Awaited<ReturnType<T[I]>> }> {
    const scopes = branches.map((branch, index) =>
      this.#inScope(branch, { kind: 'branch', label: `${index + 1} of ${branches.length}` }, connection),
    )
    const results = await Promise.allSettled(scopes)
    const [first, ...others] = results.flatMap((result) => (result.status === 'rejected' ? [result] : []))
    for (const { reason } of others) attachCause(first?.reason, reason)
    if (first) throw first.reason
    const values = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    // One value for each branch, in order: nothing was rejected.
    return values as { -readonly [I in keyof T]: Awaited<ReturnType<T[I]>> }
  }

  /** Closes every connection; all are tried. */
  async close(): Promise<void> {
    const results = await Promise.allSettled(this.#table.open.map((connection) => connection.close()))
    const failed = results.find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
  }

  #inScope<T>(
    fn: (session: Session) => T | Promise<T>,
    options: ScopeOptions,
    connection?: string,
  ): Promise<T> {
    return this.#app.scope(() => fn(sessionOf(this.#app, connection)), options)
  }
}
