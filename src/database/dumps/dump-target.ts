/** @module What the copies of all kinds of databases have in common. */
import type { Connection, RunSql } from '../connections/connection.ts'
import type { Dialect, Driver } from '../connections/driver.ts'

export interface DatabaseDump {
  readonly dialect: Dialect
  /** In the folder of the copy; undefined where there was no database yet. */
  readonly file: string | undefined
  /** How many rows each table had. */
  readonly tables: Readonly<Record<string, number>>
  /** How a database of MariaDB or MySQL is made again. */
  readonly characterSet?: string
  readonly collation?: string
}

/** Where a database is, and where relative paths in that begin. */
export interface DumpTarget {
  readonly driver: Driver
  readonly root: string
}

/** What one kind of database adds. */
export interface Dumper {
  /** Finds out before anything is changed whether it can be copied, and put back. */
  check(target: DumpTarget): Promise<void>
  dump(target: DumpTarget, folder: string): Promise<DatabaseDump>
  /** Replaces whatever is there; done a second time, the result is the same. */
  restore(target: DumpTarget, folder: string, dump: DatabaseDump): Promise<void>
}

/** Opens a connection of its own, so that those of the application have no part in it. */
export async function withConnection<T>(
  { driver, root }: DumpTarget,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const { openConnection } = await import('../connections/open-connection.ts')
  const log = () => undefined
  await using connection = await openConnection({
    name: 'dump',
    driver,
    root,
    models: [],
    application: {},
    log,
  })
  return await work(connection)
}

const TABLES: Readonly<Record<Dialect, string>> = {
  sqlite: "select name from sqlite_master where type = 'table' and name not like 'sqlite#_%' escape '#'",
  postgres: 'select tablename as name from pg_tables where schemaname = current_schema()',
  mysql:
    "select table_name as name from information_schema.tables where table_schema = schema() and table_type = 'BASE TABLE'",
}

export async function countRows(run: RunSql, { driver }: Connection): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  const quote = driver.dialect === 'mysql' ? '`' : '"'
  for (const { name } of await run(TABLES[driver.dialect])) {
    const quoted = quote + String(name).replaceAll(quote, quote + quote) + quote
    const [row] = await run(`select count(*) as count from ${quoted}`)
    counts[String(name)] = Number(row?.count)
  }
  return counts
}

/** Those that were the same before and after: whoever wrote meanwhile may or may not be in the copy. */
export function unchanged(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(Object.entries(before).filter(([table, rows]) => after[table] === rows))
}
