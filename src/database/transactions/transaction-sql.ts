/** @module SQL that begins or ends transactions, where something else is responsible for that. */
import { TransactionStatementError } from './transaction-errors.ts'

const TRANSACTION_STATEMENT = /^\s*(begin|start\s+transaction|commit|end|rollback|savepoint|release)\b/i

/** @throws {TransactionStatementError} when the statement begins or ends a transaction or a savepoint */
export function refuseTransactionSql(sql: string): void {
  if (TRANSACTION_STATEMENT.test(sql)) throw new TransactionStatementError(sql.trim())
}
