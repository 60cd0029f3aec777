/** @module The databases of an application: its connections by name, and units of work on them. */
import type { Application } from '../application/application.ts'
import type { ScopeOptions } from '../application/scope.ts'
import { attachCause } from '../errors/attempt-all.ts'
import type { Connection } from './connections/connection.ts'
import type { Driver } from './connections/driver.ts'
import { ConnectionNotFoundError, DatabaseOffError } from './errors.ts'
import { sessionOf } from './sessions/scope-sessions.ts'
import type { Session } from './sessions/session.ts'
import { repeat } from './transactions/retry.ts'
import { JoinedTransactionError, NoTransactionError } from './transactions/transaction-errors.ts'
import { checkOptions, type TransactionOptions } from './transactions/transaction-options.ts'

export class DatabaseManager {
  readonly #app: Application
  readonly #connections: Map<string, Connection | undefined>
  readonly #default: string

  constructor(app: Application, connections: Map<string, Connection | undefined>, defaultName: string) {
    this.#app = app
    this.#connections = connections
    this.#default = defaultName
  }

  /**
   * Gives a connection, by default that of `db.connection`.
   *
   * @throws {ConnectionNotFoundError}
   * @throws {DatabaseOffError} when its driver is that of no database
   */
  connection(name: string = this.#default): Connection {
    const connection = this.#connections.get(name)
    if (connection) return connection
    if (this.#connections.has(name)) throw new DatabaseOffError(name)
    throw new ConnectionNotFoundError(name, [...this.#connections.keys()])
  }

  /**
   * Asks the database of the default connection whether it answers. One that is switched off has nothing to answer.
   *
   * @throws {DatabaseUnavailableError}
   */
  async ping(): Promise<void> {
    const isOff = this.#connections.has(this.#default) && !this.#connections.get(this.#default)
    if (!isOff) await this.connection().ping()
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

  /** Opens one more connection. */
  async add({
    name,
    driver,
  }: {
    readonly name: string
    readonly driver: Driver
    readonly models: readonly never[]
    readonly module: string
  }): Promise<Connection> {
    const { openConnection } = await import('./connections/open-connection.ts')
    const { root } = this.#app
    const log = () => undefined
    const connection = await openConnection({ name, driver, root, models: [], application: this.#app, log })
    this.#connections.set(name, connection)
    return connection
  }

  /** Closes a connection. */
  async remove(name: string): Promise<void> {
    const connection = this.#connections.get(name)
    this.#connections.delete(name)
    await connection?.close()
  }

  /** Closes every connection; all are tried. */
  async close(): Promise<void> {
    const results = await Promise.allSettled(
      [...this.#connections.values()].map((connection) => connection?.close()),
    )
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
