/** @module What a server is asked about locks: who this is, who waits for whom, and how to end a wait. */
import type { Transaction } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import type { Dialect } from '../connections/driver.ts'

export interface LockSql {
  /** Gives the `id` of the server for this connection, and its `version`. */
  readonly identify: string
  /** Gives pairs: `id` waits for `holder`. */
  waits(version: string): string
  readonly cancel: string
}

/** SQLite has one writer, and nothing to ask. */
export const LOCK_SQL: Readonly<Partial<Record<Dialect, LockSql>>> = {
  postgres: {
    identify: "select pg_backend_pid() as id, '' as version",
    waits: () => `select distinct waiting.pid as id, holding.pid as holder
      from pg_locks as waiting, unnest(pg_blocking_pids(waiting.pid)) as holding(pid) where not waiting.granted`,
    cancel: 'select pg_cancel_backend(?)',
  },
  mysql: {
    identify: 'select connection_id() as id, version() as version',
    waits(version) {
      const [waits, requesting, blocking] = /mariadb/i.test(version)
        ? ['information_schema.innodb_lock_waits', 'requesting_trx_id', 'blocking_trx_id']
        : [
            'performance_schema.data_lock_waits',
            'requesting_engine_transaction_id',
            'blocking_engine_transaction_id',
          ]
      return `select waiting.trx_mysql_thread_id as id, holding.trx_mysql_thread_id as holder from ${waits} as pair
        join information_schema.innodb_trx as waiting on waiting.trx_id = pair.${requesting}
        join information_schema.innodb_trx as holding on holding.trx_id = pair.${blocking}`
    },
    cancel: 'kill query ?',
  },
}

export interface Backend {
  readonly id: number
  readonly version: string
}

const asked = new WeakMap<object, Promise<Backend | undefined>>()
const backends = new WeakMap<object, Backend>()

/** Who a connection is to its server; none while its transaction answers nothing, because a statement has failed. */
export async function identify(
  em: SqlEntityManager,
  transaction: Transaction,
  sql: LockSql,
): Promise<Backend | undefined> {
  const known = backends.get(transaction) ?? asked.get(transaction)
  if (known) return known
  const answer = ask(em, transaction, sql)
  asked.set(transaction, answer)
  const backend = await answer
  asked.delete(transaction)
  if (backend) backends.set(transaction, backend)
  return backend
}

/** What `identify` has found out. */
export function backendOf(transaction: Transaction): Backend | undefined {
  return backends.get(transaction)
}

/** Whether a statement was ended from outside: by `pg_cancel_backend`, or by `kill query`. */
export function wasCancelled(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return Reflect.get(error, 'code') === '57014' || Reflect.get(error, 'errno') === 1317
}

async function ask(
  em: SqlEntityManager,
  transaction: Transaction,
  sql: LockSql,
): Promise<Backend | undefined> {
  try {
    const connection = em.getConnection('write')
    const rows = await connection.execute<{ id: unknown; version: string }[]>(
      sql.identify,
      [],
      'all',
      transaction,
    )
    return rows[0] && { id: Number(rows[0].id), version: rows[0].version }
  } catch {
    return undefined
  }
}
