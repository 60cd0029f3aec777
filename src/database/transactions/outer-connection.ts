/** @module One connection that everybody shares, inside of one transaction: what others call a transaction is a savepoint. */
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely'
import type { Dialect } from '../connections/driver.ts'
import { EndsRollbackError, RollbackOverError, UndoneTogetherError } from './outer-transaction-errors.ts'
import { type OuterUnit, OuterUnits } from './outer-units.ts'
import { TransactionFailedError } from './transaction-errors.ts'
import { commitsImplicitly, isTransactionSql } from './transaction-sql.ts'

type Options = Parameters<DatabaseConnection['executeQuery']>[1]

export class OuterConnection {
  readonly #raw: DatabaseConnection
  readonly #statement: (sql: string) => CompiledQuery
  readonly #dialect: Dialect
  readonly #units = new OuterUnits()
  /** Which unit of work a connection that was handed out belongs to; a lone statement belongs to none. */
  readonly #unitOf = new WeakMap<DatabaseConnection, OuterUnit>()
  #savepoints = 0
  #last: Promise<unknown> = Promise.resolve()
  #isOver = false

  constructor(raw: DatabaseConnection, statement: (sql: string) => CompiledQuery, dialect: Dialect) {
    this.#raw = raw
    this.#statement = statement
    this.#dialect = dialect
  }

  /** Hands out what looks like a connection of its own. */
  acquire(): DatabaseConnection {
    const connection: DatabaseConnection = {
      executeQuery: (query, options) => this.#execute(connection, query, options),
      // Read at once: a stream that is open would keep everybody else waiting.
      streamQuery: (query, chunkSize, options) =>
        inChunks(this.#execute(connection, query, options), chunkSize),
    }
    return connection
  }

  async begin(connection: DatabaseConnection): Promise<void> {
    const unit = await this.#units.begin(this.#name())
    this.#unitOf.set(connection, unit)
    await this.#alone(() => this.#run(`savepoint ${unit.savepoint}`))
  }

  /** @throws {UndoneTogetherError} */
  async commit(connection: DatabaseConnection): Promise<void> {
    const unit = this.#unitOf.get(connection)
    if (!unit) return
    this.#refuseOver(unit)
    await this.#alone(async () => {
      if (this.#dialect === 'postgres') await this.#checkConstraints()
      const savepoint = this.#units.commit(unit)
      if (savepoint) await this.#run(`release savepoint ${savepoint}`)
    })
    this.#unitOf.delete(connection)
  }

  /** @throws {UndoneTogetherError} when it undoes what another unit has committed */
  async rollback(connection: DatabaseConnection): Promise<void> {
    const unit = this.#unitOf.get(connection)
    if (!unit || unit.isUndone || this.#isOver) return
    this.#unitOf.delete(connection)
    await this.#alone(async () => {
      const [lost] = unit.undone ?? (await this.#undoUnit(unit))
      if (lost !== undefined) throw new UndoneTogetherError(lost)
    })
  }

  async savepoint(connection: DatabaseConnection, name: string): Promise<void> {
    // A second one of the same name would delete the first, on MySQL and MariaDB.
    const own = this.#name()
    this.#unitOf.get(connection)?.savepoints.set(name, own)
    await this.#alone(() => this.#run(`savepoint ${own}`))
  }

  async endSavepoint(connection: DatabaseConnection, how: 'rollback to' | 'release', name: string) {
    const unit = this.#unitOf.get(connection)
    const own = unit?.savepoints.get(name) ?? name
    await this.#alone(async () => {
      await this.#run(`${how} savepoint ${own}`)
      unit?.endSavepoint(name, how)
      if (unit && how === 'rollback to') unit.failure = undefined
    })
  }

  /** Undoes everything. Whoever goes on is refused: it would not be undone any more. */
  async end(): Promise<void> {
    await this.#alone(async () => {
      this.#isOver = true
      await this.#raw.executeQuery(this.#statement('rollback'))
    }).finally(() => this.#units.close())
  }

  async #execute<R>(from: DatabaseConnection, query: CompiledQuery, options: Options) {
    const { sql } = query
    if (isTransactionSql(sql, this.#dialect) || commitsImplicitly(sql, this.#dialect))
      throw new EndsRollbackError(sql)
    const unit = this.#unitOf.get(from)
    const run = () => this.#raw.executeQuery<R>(query, options)
    return this.#alone(() => {
      if (unit) this.#refuseOver(unit)
      if (this.#dialect !== 'postgres') return run()
      // PostgreSQL answers nothing any more after a statement that failed.
      return unit ? this.#inUnit(unit, run) : this.#inSavepoint(run)
    })
  }

  /**
   * Goes back to the last savepoint when a statement fails, which is all that its unit could do: others would not notice
   * elsewhere, and here they share its connection.
   */
  async #inUnit<T>(unit: OuterUnit, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      const top = this.#units.top ?? unit
      const last = [...top.savepoints.values()].at(-1)
      unit.failure = new TransactionFailedError(error)
      if (top !== unit) top.failure = new UndoneTogetherError(top.title)
      if (top === unit && !last) unit.undone = await this.#undoUnit(unit)
      else await this.#run(`rollback to savepoint ${last ?? top.savepoint}`)
      throw error
    }
  }

  async #undoUnit(unit: OuterUnit): Promise<readonly string[]> {
    const lost = this.#units.rollback(unit)
    await this.#undo(unit.savepoint)
    return lost
  }

  #refuseOver(unit: OuterUnit): void {
    if (unit.isUndone) throw new UndoneTogetherError(unit.title)
    if (unit.failure) throw unit.failure
  }

  async #inSavepoint<T>(work: () => Promise<T>): Promise<T> {
    const name = this.#name()
    await this.#run(`savepoint ${name}`)
    try {
      const result = await work()
      await this.#run(`release savepoint ${name}`)
      return result
    } catch (error) {
      await this.#undo(name)
      throw error
    }
  }

  /** What PostgreSQL checks at a commit, it does not check when a savepoint is released. */
  async #checkConstraints(): Promise<void> {
    const name = this.#name()
    await this.#run(`savepoint ${name}`)
    try {
      await this.#run('set constraints all immediate')
    } finally {
      // It also puts back when they are checked.
      await this.#undo(name)
    }
  }

  async #undo(savepoint: string): Promise<void> {
    await this.#run(`rollback to savepoint ${savepoint}`)
    await this.#run(`release savepoint ${savepoint}`)
  }

  #name(): string {
    return `limber_${++this.#savepoints}`
  }

  async #run(sql: string): Promise<QueryResult<unknown>> {
    return this.#raw.executeQuery(this.#statement(sql))
  }

  /** Statements that belong together are not interrupted: a savepoint takes back everything that came after it. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => {
      if (this.#isOver) throw new RollbackOverError()
      return work()
    })
    this.#last = turn.catch(() => undefined)
    return turn
  }
}

async function* inChunks<R>(reading: Promise<QueryResult<R>>, size: number) {
  const { rows } = await reading
  for (let from = 0; from < rows.length; from += size) yield { rows: rows.slice(from, from + size) }
}
