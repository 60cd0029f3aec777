/** @module Statements of the framework outside of every unit of work, on the connections of the application itself. */
import type { SqlEntityManager } from '@mikro-orm/sql'
import { refuseClosed } from '../connections/closed-connections.ts'
import type { Connection, Row } from '../connections/connection.ts'
import { translateErrors } from '../connections/translate-errors.ts'
import { asOwnRead } from '../insight/own-reads.ts'
import { hasOuterTransaction } from '../transactions/outer-transaction.ts'
import { repeat } from '../transactions/retry.ts'
import { refuseOwnReadLock } from '../transactions/write-lock.ts'

/** How often a statement that met another one is repeated. */
const RETRIES = 20

export class OutsideSql {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /**
   * Reads what is committed, never from a replica that may not have it yet. Where one writes at a time, it does not wait for it.
   *
   * @throws {OwnLockError} where it would wait for a unit of work around it
   */
  read(sql: string, parameters: readonly unknown[]): Promise<readonly Row[]> {
    const { orm, driver } = this.#connection
    refuseClosed(orm.config)
    refuseOwnReadLock(orm.config)
    // Every driver of ours is one of SQL.
    const em = orm.em as SqlEntityManager
    const connection = em.getConnection(driver.hasOneWriter ? 'read' : 'write')
    return asOwnRead(() => translateErrors(em, connection.execute<Row[]>(sql, [...parameters], 'all')))
  }

  /**
   * Writes, committed at once; again where another statement was in the way.
   *
   * @throws {OwnLockError} where it would wait for a unit of work around it
   * @throws {WriterBusyError} where one can write at a time, and another one does not end
   */
  async write(sql: string, parameters: readonly unknown[]): Promise<void> {
    await repeat(() => this.#write(sql, parameters), RETRIES)
  }

  async #write(sql: string, parameters: readonly unknown[]): Promise<unknown> {
    if (!hasOuterTransaction(this.#connection)) return this.#connection.execute(sql, parameters)
    // There a lone statement would be undone with the unit of work that it comes into.
    await using session = this.#connection.openSession()
    return await session.transaction(() => session.execute(sql, [...parameters]))
  }
}
