/** @module What Kysely has to know of a database to write statements for it, without a way to run them. */
import {
  DummyDriver,
  type Dialect as KyselyDialect,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { Dialect } from '../connections/driver.ts'
import { TransactionStatementError } from '../transactions/transaction-errors.ts'

const DIALECTS: Readonly<Record<Dialect, Omit<KyselyDialect, 'createDriver'>>> = {
  sqlite: {
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
  postgres: {
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
  mysql: {
    createAdapter: () => new MysqlAdapter(),
    createIntrospector: (db) => new MysqlIntrospector(db),
    createQueryCompiler: () => new MysqlQueryCompiler(),
  },
}

/** The client of the ORM knows as much, but is not there before the first query. */
export function kyselyDialect(dialect: Dialect): KyselyDialect {
  return { ...DIALECTS[dialect], createDriver: () => new SessionDriver() }
}

/** Begins no transactions: the session has its own, which Kysely does not know. */
class SessionDriver extends DummyDriver {
  override async beginTransaction(): Promise<void> {
    throw new TransactionStatementError('transaction() of Kysely')
  }
}
