/** @module A connection: one database with its pool and its models. It opens with the first query. */
import type { MikroORM } from '@mikro-orm/core'
import type { SqlEntityManager, SqlSchemaGenerator } from '@mikro-orm/sql'
import { CallSite } from '../call-site.ts'
import { DatabaseUnavailableError } from '../errors.ts'
import type { Session } from '../sessions/session.ts'
import { OwnLockWatch } from '../transactions/own-lock-watch.ts'
import { TransactionFrame } from '../transactions/transaction-frame.ts'
import {
  holdWriter,
  isWriterBusy,
  ownersAround,
  refuseOwnLock,
  refuseOwnReadLock,
  transactionsOf,
} from '../transactions/write-lock.ts'
import { noteClosed, refuseClosed } from './closed-connections.ts'
import type { Dialect, Driver } from './driver.ts'
import { pinConnection } from './pin-connection.ts'
import type { PoolState } from './pool-guard.ts'
import { translateErrors } from './translate-errors.ts'
import { withinSchema } from './within-schema.ts'

export type Row = Readonly<Record<string, unknown>>

/** Runs one SQL statement with `?` for its parameters. */
export type RunSql = (sql: string, parameters?: readonly unknown[]) => Promise<Row[]>

/** In the schema of the connection, also when it is not there yet: another application may have such a table in the next one. */
const TABLES_NAMED: Readonly<Record<Dialect, string>> = {
  sqlite: "select 1 from sqlite_master where type = 'table' and name = ? and ? is null",
  postgres:
    'select 1 from information_schema.tables where table_name = ? and table_schema = coalesce(?, current_schema())',
  mysql:
    'select 1 from information_schema.tables where table_name = ? and table_schema = coalesce(?, schema())',
}

interface ConnectionFacts {
  readonly name: string
  readonly driver: Driver
  readonly root: string
}

interface ConnectionParts {
  readonly release: () => void
  readonly pool: PoolState
}

export class Connection {
  readonly name: string
  readonly driver: Driver
  /** The ORM inside. What is done through it bypasses sessions and scopes. */
  readonly orm: MikroORM
  readonly #root: string
  readonly #release: () => void
  /** The pool that writes, where the driver has one. */
  readonly pool: PoolState
  #closed = false

  constructor({ name, driver, root }: ConnectionFacts, orm: MikroORM, { release, pool }: ConnectionParts) {
    this.name = name
    this.driver = driver
    this.#root = root
    this.orm = orm
    this.#release = release
    this.pool = pool
  }

  /** Opens a session that its maker owns: it commits with each flush, and no scope ends it. */
  openSession(): Session {
    refuseClosed(this.orm.config)
    // The ORM was configured with Session as its EntityManager, and forks are of the same class.
    return this.orm.em.fork() as unknown as Session
  }

  /**
   * Runs SQL outside of every unit of work, committed at once.
   *
   * @param sql with `?` for each parameter
   * @throws {DatabaseUnavailableError} @throws {ConnectionClosedError}
   * @throws {OwnLockError} inside a scope that has written, where it would wait for the end of that scope
   */
  async execute(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const { config } = this.orm
    refuseClosed(config)
    // Only on a connection of its own can a wait for a lock of the scope around it be told from any other.
    if (isWriterBusy(config) || transactionsOf(config, ownersAround()).length > 0)
      return this.exclusive((run) => run(sql, parameters))
    const connection = this.#manager.getConnection('write')
    return translateErrors(this.#manager, connection.execute<Row[]>(sql, [...parameters], 'all'))
  }

  /**
   * Runs several statements on one connection of the pool that nobody else uses meanwhile.
   *
   * @throws {DatabaseUnavailableError}
   * @throws {OwnLockError} where it would wait for a unit of work around it
   * @throws {WriterBusyError} where one can write at a time, and another one does not end
   */
  async exclusive<T>(fn: (run: RunSql) => Promise<T>): Promise<T> {
    const { config } = this.orm
    refuseClosed(config)
    refuseOwnLock(config)
    await using pinned = await translateErrors(this.#manager, pinConnection(this.#manager))
    const frame = new TransactionFrame(this, new CallSite())
    const release = holdWriter(config, frame, 'connection.exclusive()', pinned.client)
    const watch = await OwnLockWatch.begin(this.#manager, pinned.client, frame)
    const connection = this.#manager.getConnection('write')
    const run: RunSql = async (sql, parameters = []) => {
      const statement = connection.execute<Row[]>(sql, [...parameters], 'all', pinned.client)
      try {
        return await translateErrors(this.#manager, statement)
      } catch (error) {
        throw watch ? watch.explain(error) : error
      }
    }
    try {
      return await frame.run(() => fn(run))
    } finally {
      frame.isOver = true
      watch?.stop()
      release()
    }
  }

  /** @throws {DatabaseUnavailableError} when the database does not answer */
  async ping(): Promise<void> {
    refuseClosed(this.orm.config)
    // Where one writes at a time, on the connection that reads: a long transaction of a writer is no failure.
    refuseOwnReadLock(this.orm.config)
    const connection = this.#manager.getConnection(this.driver.hasOneWriter ? 'read' : 'write')
    await translateErrors(this.#manager, connection.execute('select 1'))
    try {
      this.driver.probe?.(this.#root)
    } catch (error) {
      throw new DatabaseUnavailableError(this.driver.label, error as Error)
    }
  }

  /** Whether the database has a table of this name. */
  async hasTable(run: RunSql, name: string): Promise<boolean> {
    return (await run(TABLES_NAMED[this.driver.dialect], [name, this.schemaName ?? null])).length > 0
  }

  /** The schema of the tables, where the driver was given one. */
  get schemaName(): string | undefined {
    return this.driver.dialect === 'postgres' ? this.orm.config.get('schema') : undefined
  }

  /** @throws {OwnLockError} inside a scope that has written, where it would wait for the end of that scope */
  get schema(): SqlSchemaGenerator {
    refuseOwnLock(this.orm.config)
    const name = this.schemaName
    const isThere = async () =>
      (await this.execute('select 1 from pg_namespace where nspname = ?', [name ?? ''])).length > 0
    return withinSchema(this.orm.schema as SqlSchemaGenerator, name, isThere)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#release()
    noteClosed(this.orm.config, this.name)
    try {
      await this.orm.close()
    } finally {
      await this.driver.release?.()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  get #manager(): SqlEntityManager {
    return this.orm.em as SqlEntityManager
  }
}
