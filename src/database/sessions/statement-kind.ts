/** @module What a statement does to the unit of work: whether it only reads, and whether it ends the transaction. */
import type { SqlEntityManager } from '@mikro-orm/sql'
import { type CommonTableExpressionNode, type CompiledQuery, RawNode, SelectQueryNode } from 'kysely'
import { dialectOf } from '../connections/dialect-of.ts'
import { ImplicitCommitError } from '../transactions/transaction-errors.ts'
import { commitsOnMysql } from '../transactions/transaction-sql.ts'

const LOCKS = /\bfor\s+(no\s+key\s+)?(update|share|key\s+share)\b|\block\s+in\s+share\s+mode\b/i

/** A `select` that locks its rows needs the transaction, and `explain analyze` runs what it explains. */
export function isPlainRead(sql: string): boolean {
  if (/^\s*explain\s+(\(.*\banalyze\b|analyze\b)/is.test(sql)) return false
  return /^\s*(select|explain)\b/i.test(sql) && !LOCKS.test(sql)
}

/** A statement of Kysely, which says what it is; one that was written by hand is judged by its text. */
export function onlyReads({ query, sql }: CompiledQuery): boolean {
  if (RawNode.is(query)) return isPlainRead(sql)
  if (!SelectQueryNode.is(query)) return false
  if (query.with?.expressions.some(writes)) return false
  return query.with ? !LOCKS.test(sql) && !query.explain : isPlainRead(sql)
}

function writes({ expression }: CommonTableExpressionNode): boolean {
  return !SelectQueryNode.is(expression) || (expression.with?.expressions.some(writes) ?? false)
}

/** @throws {ImplicitCommitError} when a statement would commit what the open transaction has done until now */
export function refuseImplicitCommit(session: SqlEntityManager, sql: string): void {
  if (dialectOf(session.config) !== 'mysql' || !session.isInTransaction()) return
  if (commitsOnMysql(sql)) throw new ImplicitCommitError(sql.trim())
}
