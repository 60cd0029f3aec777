/** @module SQL that begins or ends transactions, where something else is responsible for that. */
import type { Dialect } from '../connections/driver.ts'
import { statementsOf } from '../connections/sql-statements.ts'
import { TransactionStatementError } from './transaction-errors.ts'

const TRANSACTION_STATEMENT: Readonly<Record<Dialect, RegExp>> = {
  sqlite: /^(?:begin|commit|end|rollback|savepoint|release)\b/i,
  postgres:
    /^(?:begin|start\s+transaction|commit|end|abort|rollback|savepoint|release|prepare\s+transaction)\b/i,
  mysql: /^(?:begin|start\s+transaction|commit|rollback|savepoint|release|xa)\b/i,
}

/** What ends a transaction of MySQL and MariaDB before it runs; a temporary table does not. */
const COMMITS = new RegExp(
  [
    '^(?:alter|rename|truncate|install|uninstall|grant|revoke|lock|unlock|flush|optimize|repair|reset|backup',
    '|create(?!\\s+(?:or\\s+replace\\s+)?temporary\\b)|drop(?!\\s+temporary\\b)',
    '|analyze\\s+(?:local\\s+|no_write\\S*\\s+)?tables?|check\\s+(?:table|view)s?|(?:cache|load)\\s+index|import\\s+table',
    '|change\\s+(?:master|replication)|(?:start|stop)\\s+(?:all\\s+)?(?:slaves?|replica|group_replication)',
    '|set\\s+password|set\\b.*\\bautocommit)\\b',
  ].join(''),
  'is',
)

/** MariaDB sets variables for one statement. */
const FOR_ONE = /^set\s+statement\b.*?\bfor\s+/is

export function isTransactionSql(sql: string, dialect: Dialect): boolean {
  return statementsOf(sql, dialect).some((statement) => TRANSACTION_STATEMENT[dialect].test(statement))
}

/** Whether what came before such a statement would be committed, which only MySQL and MariaDB do. */
export function commitsImplicitly(sql: string, dialect: Dialect): boolean {
  if (dialect !== 'mysql') return false
  return statementsOf(sql, dialect).some((statement) => COMMITS.test(statement.replace(FOR_ONE, '')))
}

/** @throws {TransactionStatementError} when a statement begins or ends a transaction or a savepoint */
export function refuseTransactionSql(sql: string, dialect: Dialect): void {
  if (isTransactionSql(sql, dialect)) throw new TransactionStatementError(sql.trim())
}
