/** @module Statements, and the hazards that each has on a library in use. */
import type { Dialect } from 'limber/database'
import { MYSQL_CASES } from './guard-cases-mysql.ts'
import { POSTGRES_CASES } from './guard-cases-postgres.ts'
import { SQLITE_CASES } from './guard-cases-sqlite.ts'
import type { Case } from './judged.ts'

export const CASES: Readonly<Record<Dialect, readonly Case[]>> = {
  sqlite: SQLITE_CASES,
  postgres: POSTGRES_CASES,
  mysql: MYSQL_CASES,
}
