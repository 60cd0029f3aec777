/** @module SQL that begins or ends transactions, where something else is responsible for that. */
import { TransactionStatementError } from './transaction-errors.ts'

const TRANSACTION_STATEMENT = /^\s*(begin|start\s+transaction|commit|end|rollback|savepoint|release)\b/i

export function isTransactionSql(sql: string): boolean {
  return TRANSACTION_STATEMENT.test(sql)
}

/** @throws {TransactionStatementError} when the statement begins or ends a transaction or a savepoint */
export function refuseTransactionSql(sql: string): void {
  if (isTransactionSql(sql)) throw new TransactionStatementError(sql.trim())
}
