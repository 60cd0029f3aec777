/** @module One transaction around everything that a connection does, for tests: what commits inside is a savepoint. */

import type { AbstractSqlDriver } from '@mikro-orm/sql'
import type { Connection } from '../connections/connection.ts'
import { NestedRollbackError } from './transaction-errors.ts'

/**
 * Begins it. Sessions know nothing of it: the connection under them puts each of their transactions inside, and answers
 * every read from inside.
 *
 * @returns a function that undoes everything and leaves the connection as it was
 */
export async function beginOuterTransaction({ orm }: Connection): Promise<() => Promise<void>> {
  const driver = orm.driver as AbstractSqlDriver
  const connection = driver.getConnection('write')
  const original = {
    begin: connection.begin.bind(connection),
    execute: connection.execute.bind(connection),
    rollback: connection.rollback.bind(connection),
  }
  if (Object.hasOwn(connection, 'getClient')) throw new NestedRollbackError()
  const outer = await original.begin()

  connection.begin = (options = {}) => original.begin({ ...options, ctx: options.ctx ?? outer })
  connection.execute = (sql, parameters, method, context, logging) =>
    original.execute(sql, parameters, method, context ?? outer, logging)
  // A transaction of Kysely is a client of Kysely, of whatever tables.
  connection.getClient = () => clientInside(outer) as never
  // Another connection would not see what this one has not committed.
  driver.getConnection = () => connection

  return async () => {
    for (const name of ['begin', 'execute', 'getClient'] as const) Reflect.deleteProperty(connection, name)
    Reflect.deleteProperty(driver, 'getConnection')
    await original.rollback(outer)
  }
}

/** A transaction has the methods of a client, but refuses to hand out a connection: it is one. */
function clientInside(outer: object): object {
  return new Proxy(outer, {
    get(target, name) {
      if (name === 'connection') return () => ({ execute: (fn: (client: object) => unknown) => fn(target) })
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
