/** @module The file of an SQLite database. */
import type { Connection } from '../../connections/connection.ts'
import { IN_MEMORY } from '../../connections/in-memory.ts'

/** Undefined for one in memory: it belongs to its one connection. */
export function databaseFile({ orm }: Connection): string | undefined {
  const { dbName } = orm.config.getAll()
  return dbName === IN_MEMORY ? undefined : dbName
}
