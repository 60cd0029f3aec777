/** @module Everything that a database holds, schema and rows, as raw SQL tells it. */
import type { OwnDatabase, Rows } from './own-databases.ts'

export type Dump = Readonly<Record<string, Rows>>

const OURS = /^limber_/

const TABLES = {
  sqlite: "select name from sqlite_master where type = 'table' and name not like 'sqlite%' order by name",
  postgres: "select tablename as name from pg_tables where schemaname = 'public' order by 1",
  mysql:
    'select table_name as name from information_schema.tables where table_schema = database() order by 1',
}

const SCHEMA = {
  sqlite: (table: string) => [
    `select type, name, sql from sqlite_master where tbl_name = '${table}' order by 1, 2`,
  ],
  postgres: (table: string) => [
    `select column_name, data_type, is_nullable, column_default from information_schema.columns
      where table_schema = 'public' and table_name = '${table}' order by 1`,
    `select indexdef from pg_indexes where tablename = '${table}' order by 1`,
    `select conname, pg_get_constraintdef(oid) as definition from pg_constraint
      where conrelid = '"${table}"'::regclass order by 1`,
  ],
  mysql: (table: string) => [`show create table \`${table}\``],
}

/** @param ledger whether the tables of the framework belong to it; default true */
export async function dump(database: OwnDatabase, { ledger = true } = {}): Promise<Dump> {
  const { dialect, ask } = database
  const contents: Record<string, Rows> = {}
  const quote = dialect === 'mysql' ? '`' : '"'
  for (const { name } of await ask(TABLES[dialect])) {
    const table = String(name)
    if (!ledger && OURS.test(table)) continue
    const questions = [...SCHEMA[dialect](table), `select * from ${quote}${table}${quote} order by 1`]
    for (const question of questions) contents[`${table}: ${question}`] = await ask(question)
  }
  return contents
}

/** The names of what is applied, in their order; none where there is no ledger. */
export async function appliedNames(database: OwnDatabase): Promise<string[]> {
  const tables = await database.ask(TABLES[database.dialect])
  if (!tables.some(({ name }) => name === 'limber_migrations')) return []
  const rows = await database.ask('select name from limber_migrations order by name')
  return rows.map(({ name }) => String(name))
}
