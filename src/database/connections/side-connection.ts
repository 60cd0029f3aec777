/** @module A connection beside the pool of a database, for what has to be asked when the pool has no room. */
import type { AbstractSqlConnection, SqlEntityManager } from '@mikro-orm/sql'

type ConnectionClass = new (config: object) => AbstractSqlConnection

/** It opens with its first statement, and has to be closed. */
export function openSideConnection(em: SqlEntityManager): AbstractSqlConnection {
  // The driver makes its own in the same way, of the class that it alone knows.
  const Type = em.getConnection('write').constructor as ConnectionClass
  const connection = new Type(em.config)
  const options: unknown = Reflect.get(connection, 'options')
  if (typeof options === 'object' && options !== null) Reflect.set(options, 'pool', { min: 0, max: 1 })
  return connection
}
