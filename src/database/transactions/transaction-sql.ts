/** @module SQL that begins or ends transactions, where something else is responsible for that. */
import { TransactionStatementError } from './transaction-errors.ts'

/** What may stand before the first word. */
const LEADING = String.raw`^(?:\s|/\*.*?\*/|(?:--|#)[^\n]*\n)*`

const TRANSACTION_STATEMENT = new RegExp(
  `${LEADING}(?:begin|start\\s+transaction|commit|end|rollback|savepoint|release)\\b`,
  'is',
)

/** What ends a transaction of MySQL and MariaDB before it runs; a temporary table does not. */
const COMMITS = new RegExp(
  [
    `${LEADING}(?:alter|rename|truncate|install|uninstall|grant|revoke|lock|unlock|flush|optimize|repair|reset`,
    '|create(?!\\s+(?:or\\s+replace\\s+)?temporary\\b)|drop(?!\\s+temporary\\b)|analyze\\s+(?:local\\s+|no_write\\S*\\s+)?table',
    '|check\\s+table|cache\\s+index|load\\s+index|change\\s+master|set\\s+(?:password|autocommit|@@autocommit))\\b',
  ].join(''),
  'is',
)

export function isTransactionSql(sql: string): boolean {
  return TRANSACTION_STATEMENT.test(sql)
}

export function commitsOnMysql(sql: string): boolean {
  return COMMITS.test(sql)
}

/** @throws {TransactionStatementError} when the statement begins or ends a transaction or a savepoint */
export function refuseTransactionSql(sql: string): void {
  if (isTransactionSql(sql)) throw new TransactionStatementError(sql.trim())
}
