/** @module The statements of a cache in a table. Whether a time is over is said to them, not asked of the server. */
import type { Dialect } from '../connections/driver.ts'
import { LONGEST_ID } from './stored-row.ts'

const MOST = Number.MAX_SAFE_INTEGER

/** How many rows are swept at a time. */
const BATCH = 1_000

export interface StoreSql {
  readonly create: readonly string[]
  /** id, bytes, total, expires_at */
  readonly set: string
  /** The same, where no row is. Outside of MySQL also where its time is over, by now. */
  readonly add: string
  /** id, total, expires_at, now, now, now: gives the new row, or none where nothing can be added. */
  readonly increment: string
  /** now */
  readonly sweep: string
}

const COLUMNS = '(id, bytes, total, expires_at)'
const REPLACE =
  'on conflict (id) do update set bytes = excluded.bytes, total = excluded.total, expires_at = excluded.expires_at'
const ADD_TO_COUNT = `on conflict (id) do update set bytes = null,
  total = case when t.expires_at <= ? then excluded.total else t.total + excluded.total end,
  expires_at = case when t.expires_at <= ? then excluded.expires_at else t.expires_at end
  where t.expires_at <= ? or (t.total is not null and t.total + excluded.total between -${MOST} and ${MOST})
  returning total, expires_at`

/** @param table quoted @param index quoted */
export function storeSql(dialect: Dialect, table: string, index: string): StoreSql {
  if (dialect === 'mysql') return mysqlSql(table)
  const bytes = dialect === 'postgres' ? 'bytea' : 'blob'
  // Two that sweep at once take different rows.
  const lock = dialect === 'postgres' ? 'for update skip locked' : ''
  return {
    create: [
      `create table if not exists ${table} (id ${bytes} not null primary key, bytes ${bytes} null, total bigint null, expires_at bigint null)`,
      `create index if not exists ${index} on ${table} (expires_at)`,
    ],
    set: `insert into ${table} ${COLUMNS} values (?, ?, ?, ?) ${REPLACE}`,
    add: `insert into ${table} as t ${COLUMNS} values (?, ?, ?, ?) ${REPLACE} where t.expires_at <= ?`,
    increment: `insert into ${table} as t (id, total, expires_at) values (?, ?, ?) ${ADD_TO_COUNT}`,
    sweep: `delete from ${table} where id in (select id from ${table} where expires_at <= ? limit ${BATCH} ${lock})`,
  }
}

function mysqlSql(table: string): StoreSql {
  return {
    create: [
      `create table if not exists ${table} (id varbinary(${LONGEST_ID}) not null primary key, bytes longblob null, total bigint null, expires_at bigint null, key expires_at (expires_at)) engine = innodb`,
    ],
    set: `insert into ${table} ${COLUMNS} values (?, ?, ?, ?) on duplicate key update bytes = values(bytes), total = values(total), expires_at = values(expires_at)`,
    add: `insert ignore into ${table} ${COLUMNS} values (?, ?, ?, ?)`,
    // It only takes hold of the row: the server would not say what it has become. The end comes last, as the others ask for it.
    increment: `insert into ${table} (id, total, expires_at) values (?, 0 * ?, ?) on duplicate key update
      bytes = if(expires_at <= ?, null, bytes), total = if(expires_at <= ?, 0, total),
      expires_at = if(expires_at <= ?, values(expires_at), expires_at)`,
    sweep: `delete from ${table} where expires_at <= ? limit ${BATCH}`,
  }
}
