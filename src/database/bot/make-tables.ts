/** @module Makes the tables of a bot where they are missing, also when several processes do so at once. */
import type { Connection, RunSql } from '../connections/connection.ts'
import type { Dialect } from '../connections/driver.ts'
import { openConnection } from '../connections/open-connection.ts'
import { quoteName } from '../migrations/sql/quote-name.ts'
import { hasOuterTransaction } from '../transactions/outer-transaction.ts'
import type { TableSet } from './bot-tables.ts'

/** How often it is tried when others are at it. */
const TRIES = 10

/** With the schema of the connection in their beginning, which only one of them has. */
const FOUND: Readonly<Record<Dialect, string>> = {
  sqlite: 'select name from sqlite_master where ? is null and name in ',
  postgres:
    'select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = coalesce(?, current_schema()) and c.relname in ',
  mysql:
    'select table_name as name from information_schema.tables where table_schema = coalesce(?, schema()) and table_name in ',
}

/**
 * Looks first: whoever may not create tables can use those that are there.
 *
 * @param application whose connection it is
 */
export async function makeTables(connection: Connection, set: TableSet, application: object): Promise<void> {
  if (await areThere(connection, set)) return
  // It would commit what the test undoes.
  if (connection.driver.dialect === 'mysql' && hasOuterTransaction(connection))
    return besides(connection, application, (run) => make(connection, run, set))
  await make(connection, (sql, parameters) => connection.execute(sql, parameters), set)
}

async function make(connection: Connection, run: RunSql, set: TableSet): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await makeSchema(connection, run)
      for (const statement of set.create) await run(statement)
      return
    } catch (error) {
      // Two that create the same at once can collide in the catalogue of PostgreSQL, or in the lock of SQLite.
      if (await areThere(connection, set)) return
      if (tries === TRIES) throw error
    }
  }
}

async function areThere(connection: Connection, { names }: TableSet): Promise<boolean> {
  const { driver, schemaName } = connection
  const sql = `${FOUND[driver.dialect]} (${names.map(() => '?').join(', ')})`
  const found = await connection.execute(sql, [schemaName ?? null, ...names])
  return found.length === names.length
}

/** "if not exists" asks for the right to create schemas also where it exists. */
async function makeSchema({ schemaName }: Connection, run: RunSql): Promise<void> {
  if (schemaName === undefined) return
  const found = await run('select 1 from pg_namespace where nspname = ?', [schemaName])
  if (found.length === 0) await run(`create schema ${quoteName(schemaName, 'postgres')}`)
}

/** On a connection of its own to the same database. */
async function besides(
  { name, driver }: Connection,
  application: object,
  work: (run: RunSql) => Promise<void>,
): Promise<void> {
  const log = () => undefined
  const alone = driver.alone?.() ?? driver
  await using side = await openConnection({ name, driver: alone, root: '.', models: [], application, log })
  await work((sql, parameters) => side.execute(sql, parameters))
}
