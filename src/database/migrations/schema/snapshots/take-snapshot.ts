/** @module Reads what a database has written down of its schema. */
import type { Connection, RunSql } from '../../../connections/connection.ts'
import type { Dialect } from '../../../connections/driver.ts'
import { takeMysqlSnapshot } from './mysql-snapshot.ts'
import { takePostgresSnapshot } from './postgres-snapshot.ts'
import type { SchemaSnapshot } from './schema-snapshot.ts'
import { SqliteSnapshot } from './sqlite-snapshot.ts'

const TAKE: Readonly<Record<Dialect, (run: RunSql) => Promise<SchemaSnapshot>>> = {
  sqlite: (run) => SqliteSnapshot.take(run),
  postgres: takePostgresSnapshot,
  mysql: takeMysqlSnapshot,
}

/** The tables that Limber keeps for itself are left out. */
export function takeSnapshot(connection: Connection): Promise<SchemaSnapshot> {
  return TAKE[connection.driver.dialect]((sql, parameters) => connection.execute(sql, parameters))
}
