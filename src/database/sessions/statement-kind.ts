/** @module What a statement does to the unit of work: whether it only reads, and whether it ends the transaction. */
import { isRaw, type RawQueryFragment } from '@mikro-orm/core'
import { NativeQueryBuilder, type SqlEntityManager } from '@mikro-orm/sql'
import { dialectOf } from '../connections/dialect-of.ts'
import type { Dialect } from '../connections/driver.ts'
import { statementsOf } from '../connections/sql-statements.ts'
import { ImplicitCommitError } from '../transactions/transaction-errors.ts'
import { commitsImplicitly, refuseTransactionSql } from '../transactions/transaction-sql.ts'

const READS = /^[\s(]*(?:select|values|table|with|show)\b/i
const EXPLAINS = /^(?:explain|describe|desc)\b/i
/** What only tells, whatever it is given. */
const TELLING_PRAGMA =
  /^pragma\s+(?:\w+\.)?(?:(?:table|index)_x?info|(?:table|index|foreign_key|database|collation|function|module|pragma)_list|(?:foreign_key|integrity|quick)_check|compile_options)\b/i
/** What tells a setting; with a value, it sets it. */
const ASKING_PRAGMA =
  /^pragma\s+(?:\w+\.)?(?:user_version|application_id|encoding|foreign_keys|journal_mode|page_(?:count|size)|freelist_count)$/i
const LOCKS = /\bfor\s+(no\s+key\s+)?(update|share|key\s+share)\b|\block\s+in\s+share\s+mode\b/i
const WRITES_IN_WITH = /\b(?:insert|update|delete|merge)\b/i

/** The text of what the ORM takes for a query. */
export function sqlOf(query: string | NativeQueryBuilder | RawQueryFragment): string {
  if (query instanceof NativeQueryBuilder) return query.compile().sql
  return isRaw(query) ? query.sql : query
}

/** Whether every statement of it only reads, so that it needs no transaction. What functions do nobody can tell. */
export function isPlainRead(session: SqlEntityManager, sql: string): boolean {
  const dialect = dialectFor(session)
  const statements = statementsOf(sql, dialect)
  return statements.length > 0 && statements.every((statement) => reads(statement, dialect))
}

/** @throws {TransactionStatementError} when a statement would begin or end a transaction behind the back of the session */
export function refuseTransactionStatement(session: SqlEntityManager, sql: string): void {
  refuseTransactionSql(sql, dialectFor(session))
}

/** @throws {ImplicitCommitError} when a statement would commit what the open transaction has done until now */
export function refuseImplicitCommit(session: SqlEntityManager, sql: string): void {
  if (!session.isInTransaction()) return
  if (commitsImplicitly(sql, dialectFor(session))) throw new ImplicitCommitError(sql.trim())
}

function reads(statement: string, dialect: Dialect): boolean {
  // It runs what it analyzes.
  if (EXPLAINS.test(statement)) return !/\banalyze\b/i.test(statement)
  if (dialect === 'sqlite' && (TELLING_PRAGMA.test(statement) || ASKING_PRAGMA.test(statement))) return true
  // A `select … into` makes a table, or a file; one that locks its rows needs the transaction that keeps them locked.
  if (!READS.test(statement) || /\binto\b/i.test(statement) || LOCKS.test(statement)) return false
  return !(/\bwith\b/i.test(statement) && WRITES_IN_WITH.test(statement))
}

function dialectFor(session: SqlEntityManager): Dialect {
  return dialectOf(session.config) ?? 'sqlite'
}
