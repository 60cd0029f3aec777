/** @module Guards the pool of a connection: waiting for it is bounded, and no broken connection stays checked out. */
import type { AbstractSqlConnection } from '@mikro-orm/sql'
import type { Dialect, Driver as PoolDriver, DatabaseConnection as PooledConnection } from 'kysely'
import { PoolTimeoutError } from '../errors.ts'
import type { Driver } from './driver.ts'

/** How many connections of a pool are in use, and how many statements wait for one. */
export interface PoolState {
  readonly inUse: number
  readonly waiting: number
}

interface Counts {
  inUse: number
  waiting: number
}

export type PoolFacts = Pick<Driver, 'acquireTimeout' | 'label' | 'poolUsers'>

/** Has to be called before the connection is used, which is when its pool is made. */
export function guardPool(connection: AbstractSqlConnection, driver: Driver): PoolState {
  const counts: Counts = { inUse: 0, waiting: 0 }
  const create = connection.createKyselyDialect.bind(connection)
  connection.createKyselyDialect = (overrides) => {
    const dialect = create(overrides)
    return dialect instanceof Promise
      ? dialect.then((made) => guarded(made, driver, counts))
      : guarded(dialect, driver, counts)
  }
  return counts
}

function guarded(dialect: Dialect, driver: Driver, counts: Counts): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createDriver: () => guardDriver(dialect.createDriver(), driver, counts),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  }
}

function guardDriver(pool: PoolDriver, driver: Driver, counts: Counts): PoolDriver {
  const releaseConnection = (connection: PooledConnection) => {
    counts.inUse--
    return pool.releaseConnection(connection)
  }
  const guard: Partial<PoolDriver> = {
    async acquireConnection(options) {
      counts.waiting++
      try {
        const connection = await acquireWithin(pool.acquireConnection(options), driver, pool, counts)
        counts.inUse++
        return connection
      } finally {
        counts.waiting--
      }
    },
    async beginTransaction(connection, settings) {
      try {
        await pool.beginTransaction(connection, settings)
      } catch (error) {
        // Kysely keeps a connection whose transaction did not begin, and gives nobody a way to release it.
        await releaseConnection(connection)
        throw error
      }
    },
    async rollbackTransaction(connection) {
      try {
        await pool.rollbackTransaction(connection)
      } catch (error) {
        // Without its connection the server has undone the transaction; Kysely then releases what is left of it.
        if (error instanceof Error && driver.isUnavailable(error)) return
        await releaseConnection(connection)
        throw error
      }
    },
    releaseConnection,
  }
  return new Proxy(pool, {
    get(target, name) {
      const value: unknown = Reflect.get(guard, name) ?? Reflect.get(target, name)
      // Private fields are those of the driver itself, not of this proxy.
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** Gives what arrives in time; a connection that arrives later goes back to the pool. */
export async function acquireWithin(
  acquiring: Promise<PooledConnection>,
  { acquireTimeout = 0, label, poolUsers }: PoolFacts,
  pool: Pick<PoolDriver, 'releaseConnection'>,
  counts: Pick<PoolState, 'inUse'>,
): Promise<PooledConnection> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => late.reject(new PoolTimeoutError(label, acquireTimeout, counts.inUse, poolUsers)),
    acquireTimeout,
  )
  try {
    return await Promise.race([acquiring, late.promise])
  } catch (error) {
    if (error instanceof PoolTimeoutError) {
      acquiring.then(
        (connection) => pool.releaseConnection(connection),
        // Nobody waits for this connection any more, nor for the reason why there is none.
        () => undefined,
      )
    }
    throw error
  } finally {
    clearTimeout(timer)
  }
}
