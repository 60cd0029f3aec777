/** @module A connection: one database with its pool and its models. It opens with the first query. */
import type { MikroORM } from '@mikro-orm/core'
import type { SqlEntityManager, SqlSchemaGenerator } from '@mikro-orm/sql'
import { LimberError } from '../errors/limber-error.ts'
import type { Driver } from './driver.ts'
import { DatabaseUnavailableError } from './errors.ts'
import type { Session } from './session.ts'

export type Row = Readonly<Record<string, unknown>>

/** Runs one SQL statement with `?` for its parameters. */
export type RunSql = (sql: string, parameters?: readonly unknown[]) => Promise<Row[]>

export class Connection {
  readonly name: string
  readonly driver: Driver
  /** The ORM inside. What is done through it bypasses sessions and scopes. */
  readonly orm: MikroORM
  readonly #release: () => void
  #closed = false

  constructor(name: string, driver: Driver, orm: MikroORM, release: () => void) {
    this.name = name
    this.driver = driver
    this.orm = orm
    this.#release = release
  }

  /** Opens a session that its maker owns: it commits with each flush, and no scope ends it. */
  openSession(): Session {
    // The ORM was configured with Session as its EntityManager, and forks are of the same class.
    return this.orm.em.fork() as unknown as Session
  }

  /**
   * Runs SQL outside of every unit of work, committed at once.
   *
   * @param sql with `?` for each parameter
   * @throws {DatabaseUnavailableError}
   */
  execute(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.#answer(this.#manager.getConnection('write').execute<Row[]>(sql, [...parameters], 'all'))
  }

  /** Runs several statements on one connection of the pool that nobody else uses meanwhile. */
  exclusive<T>(fn: (run: RunSql) => Promise<T>): Promise<T> {
    const connection = this.#manager.getConnection('write')
    const work = async () => {
      await connection.ensureConnection()
      return connection
        .getClient()
        .connection()
        .execute((pinned) =>
          fn((sql, parameters = []) =>
            connection.execute<Row[]>(sql, [...parameters], 'all', pinned as never),
          ),
        )
    }
    return this.#answer(work())
  }

  /** @throws {DatabaseUnavailableError} when the database does not answer */
  async ping(): Promise<void> {
    await this.execute('select 1')
  }

  /** Whether the database has a table of this name. */
  async hasTable(run: RunSql, name: string): Promise<boolean> {
    const tables = await run(this.#manager.getPlatform().getSchemaHelper()?.getListTablesSQL() ?? '')
    return tables.some((table) => table.table_name === name)
  }

  get schema(): SqlSchemaGenerator {
    return this.orm.schema as SqlSchemaGenerator
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#release()
    await this.orm.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  get #manager(): SqlEntityManager {
    return this.orm.em as SqlEntityManager
  }

  async #answer<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (error) {
      if (error instanceof LimberError || !isUnreachable(error)) throw error
      throw new DatabaseUnavailableError(this.driver.label, error)
    }
  }
}

function isUnreachable(error: unknown): error is Error {
  return error instanceof Error && /ConnectionException/.test(error.constructor.name)
}
