/** @module One transaction around everything that a connection does, for tests: what commits inside is a savepoint. */
import type { AbstractSqlConnection, AbstractSqlDriver } from '@mikro-orm/sql'
import type { Driver as PoolDriver, DatabaseConnection as PooledConnection } from 'kysely'
import type { Connection } from '../connections/connection.ts'
import { OuterConnection } from './outer-connection.ts'
import { NestedRollbackError } from './outer-transaction-errors.ts'

type Client = ReturnType<AbstractSqlConnection['getClient']>

/**
 * Begins it. Sessions know nothing of it: the client under them gives each what looks like a connection, and is inside.
 *
 * @returns a function that undoes everything and leaves the connection as it was
 */
export async function beginOuterTransaction({ orm, driver }: Connection): Promise<() => Promise<void>> {
  const { CompiledQuery, Kysely } = await import('kysely')
  // Every driver of Limber is one of SQL.
  const ormDriver = orm.driver as AbstractSqlDriver
  const connection = ormDriver.getConnection('write')
  if (Object.hasOwn(connection, 'getClient')) throw new NestedRollbackError()
  await connection.ensureConnection()
  const client = connection.getClient()
  const held = await hold(client)
  try {
    await held.connection.executeQuery(CompiledQuery.raw('begin'))
  } catch (error) {
    await held.release()
    throw error
  }
  const outer = new OuterConnection(held.connection, (sql) => CompiledQuery.raw(sql), driver.dialect)
  const inside = new Kysely({
    dialect: {
      createAdapter: () => client.getExecutor().adapter,
      createDriver: () => driverInside(outer),
      createIntrospector: () => client.introspection,
      createQueryCompiler: () => ({
        compileQuery: (node, id) => client.getExecutor().compileQuery(node, id),
      }),
    },
  })

  const execute = connection.execute.bind(connection)
  connection.execute = (sql, parameters, method, context, logging) =>
    execute(sql, parameters, method, context ?? (inside as never), logging)
  // It is a client of whatever tables.
  connection.getClient = () => inside as never
  // Another connection would not see what this one has not committed.
  ormDriver.getConnection = () => connection

  return async () => {
    for (const name of ['execute', 'getClient'] as const) Reflect.deleteProperty(connection, name)
    Reflect.deleteProperty(ormDriver, 'getConnection')
    try {
      await outer.end()
    } finally {
      await held.release()
    }
  }
}

/** Whether one has begun on this connection, and is not undone yet. */
export function hasOuterTransaction({ orm }: Connection): boolean {
  // Every driver of Limber is one of SQL.
  return Object.hasOwn((orm.driver as AbstractSqlDriver).getConnection('write'), 'getClient')
}

/** Takes a connection out of the pool until it is released. */
async function hold(client: Client): Promise<{ connection: PooledConnection; release(): Promise<void> }> {
  const end = Promise.withResolvers<void>()
  const start = Promise.withResolvers<PooledConnection>()
  const holding = client.getExecutor().provideConnection((connection) => {
    start.resolve(connection)
    return end.promise
  })
  holding.catch(start.reject)
  const release = () => {
    end.resolve()
    return holding
  }
  return { connection: await start.promise, release }
}

function driverInside(outer: OuterConnection): PoolDriver {
  const nothing = async () => undefined
  return {
    init: nothing,
    destroy: nothing,
    acquireConnection: async () => outer.acquire(),
    releaseConnection: nothing,
    beginTransaction: (connection) => outer.begin(connection),
    commitTransaction: (connection) => outer.commit(connection),
    rollbackTransaction: (connection) => outer.rollback(connection),
    savepoint: (connection, name) => outer.savepoint(connection, name),
    rollbackToSavepoint: (connection, name) => outer.endSavepoint(connection, 'rollback to', name),
    releaseSavepoint: (connection, name) => outer.endSavepoint(connection, 'release', name),
  }
}
