/** @module The table of a cache: it connects and makes its table when it is first used. */
import type { SqlEntityManager } from '@mikro-orm/sql'
import type { StoreFacts } from '../../application/ports/cache-store.ts'
import type { Connection, Row } from '../connections/connection.ts'
import type { Driver } from '../connections/driver.ts'
import { DatabaseOffError, TableMissingError } from '../errors.ts'
import { quoteName } from '../migrations/sql/quote-name.ts'
import { repeat } from '../transactions/retry.ts'
import { type StoreSql, storeSql } from './store-sql.ts'

/** How often a statement that met another one is repeated. */
const RETRIES = 20

export interface Outcome {
  readonly affected: number
  readonly rows: readonly Row[]
}

type Run = (sql: string, parameters: readonly unknown[]) => Promise<Outcome>

export interface OpenTable {
  readonly name: string
  readonly sql: StoreSql
  readonly isMysql: boolean
  readonly run: Run
  /** Runs statements in one transaction. */
  transaction<T>(work: (run: Run) => Promise<T>): Promise<T>
}

export class StoreTable {
  readonly #facts: StoreFacts
  readonly #driver: Driver
  readonly #table: string
  #connection: Promise<Connection> | undefined
  #open: Promise<OpenTable> | undefined

  constructor(facts: StoreFacts, driver: Driver, table: string) {
    this.#facts = facts
    this.#driver = driver
    this.#table = table
  }

  /** Works on the table; again where another statement was in the way, or where somebody has dropped the table. */
  async use<T>(work: (table: OpenTable) => Promise<T>): Promise<T> {
    try {
      return await this.#attempt(work)
    } catch (error) {
      if (!(error instanceof TableMissingError)) throw error
      this.#open = undefined
      return this.#attempt(work)
    }
  }

  /** @throws {DatabaseUnavailableError} */
  async ping(): Promise<void> {
    const connection = await this.#connected()
    await this.use(async () => connection.ping())
  }

  async close(): Promise<void> {
    // What could not be opened is told to whoever wanted to use it.
    const connection = await this.#connection?.catch(() => undefined)
    await connection?.close()
  }

  async #attempt<T>(work: (table: OpenTable) => Promise<T>): Promise<T> {
    this.#open ??= this.#prepare().catch((error: unknown) => {
      this.#open = undefined
      throw error
    })
    const table = await this.#open
    return repeat(() => work(table), RETRIES)
  }

  async #prepare(): Promise<OpenTable> {
    const connection = await this.#connected()
    const { translateErrors } = await import('../connections/translate-errors.ts')
    // Every driver of ours is one of SQL.
    const em = connection.orm.em as SqlEntityManager
    const { dialect } = this.#driver
    const quoted = (name: string) => quoteName(name, dialect)
    const place = connection.schemaName === undefined ? '' : `${quoted(connection.schemaName)}.`
    const name = place + quoted(this.#table)
    const own = em.getConnection('write')
    const running =
      (transaction?: Parameters<typeof own.execute>[3]): Run =>
      async (sql, parameters) => {
        const executing = own.execute<Result>(sql, [...parameters], 'run', transaction)
        const { affectedRows, rows = [] } = await translateErrors(em, executing)
        return { affected: affectedRows, rows }
      }
    const table: OpenTable = {
      name,
      sql: storeSql(dialect, name, quoted(`${this.#table}_expires_at`)),
      isMysql: dialect === 'mysql',
      run: running(),
      transaction: (work) =>
        translateErrors(
          em,
          own.transactional((transaction) => work(running(transaction))),
        ),
    }
    await this.#create(connection, table)
    return table
  }

  /** Looks first: whoever may not create tables can use one that is there. */
  async #create(connection: Connection, { sql, run }: OpenTable): Promise<void> {
    const isThere = () =>
      connection.hasTable(async (text, values = []) => [...(await run(text, values)).rows], this.#table)
    if (await isThere()) return
    try {
      for (const statement of sql.create) await run(statement, [])
    } catch (error) {
      // Two that create it at once can collide in the catalogue of PostgreSQL.
      if (!(await isThere())) throw error
    }
  }

  #connected(): Promise<Connection> {
    this.#connection ??= this.#connect().catch((error: unknown) => {
      this.#connection = undefined
      throw error
    })
    return this.#connection
  }

  async #connect(): Promise<Connection> {
    const { app, name } = this.#facts
    if (this.#driver.isOff) throw new DatabaseOffError(name)
    const { openConnection } = await import('../connections/open-connection.ts')
    const log = app.make('log')
    return openConnection({
      name: `cache ${name}`,
      driver: this.#driver,
      root: app.root,
      models: [],
      application: app,
      log: (message) => log.debug(message),
    })
  }
}

interface Result {
  readonly affectedRows: number
  readonly rows?: Row[]
}
