/** @module The statements that leave nothing of the schema of a scratch database: what takes a squash back. */
import type { Connection } from '../../connections/connection.ts'
import type { Dialect } from '../../connections/driver.ts'
import { quoteName } from '../sql/quote-name.ts'

/** What is forgotten here is found when they are tried. */
export async function dropStatements(scratch: Connection): Promise<string[]> {
  const { dialect } = scratch.driver
  const statements: string[] = []
  for (const [query, write] of DROPS[dialect])
    for (const { owner, name } of await scratch.execute(query))
      statements.push(write(String(name), String(owner)))
  return statements
}

type Drop = readonly [query: string, write: (name: string, owner: string) => string]

/** Views go before the tables that they show, and foreign keys before both of their tables. */
const DROPS: Readonly<Record<Dialect, readonly Drop[]>> = {
  sqlite: (['view', 'table'] as const).map((type): Drop => {
    const own = `type = '${type}' and name not like 'sqlite\\_%' escape '\\'`
    return [
      `select name, tbl_name as owner from sqlite_master where ${own} order by rowid desc`,
      (name) => `drop ${type} ${quoteName(name, 'sqlite')}`,
    ]
  }),
  postgres: [
    [
      'select viewname as name, schemaname as owner from pg_views where schemaname = current_schema() order by viewname',
      (name) => `drop view if exists ${quoteName(name, 'postgres')} cascade`,
    ],
    [
      'select tablename as name, schemaname as owner from pg_tables where schemaname = current_schema() order by tablename',
      (name) => `drop table ${quoteName(name, 'postgres')} cascade`,
    ],
    [
      `select distinct t.typname as name, n.nspname as owner from pg_type t join pg_enum e on e.enumtypid = t.oid
         join pg_namespace n on n.oid = t.typnamespace where n.nspname = current_schema() order by t.typname`,
      (name) => `drop type ${quoteName(name, 'postgres')}`,
    ],
  ],
  mysql: [
    [
      'select constraint_name as name, table_name as owner from information_schema.referential_constraints where constraint_schema = schema() order by table_name, constraint_name',
      (name, owner) =>
        `alter table ${quoteName(owner, 'mysql')} drop foreign key ${quoteName(name, 'mysql')}`,
    ],
    [
      "select table_name as name, table_schema as owner from information_schema.tables where table_schema = schema() and table_type = 'BASE TABLE' order by table_name",
      (name) => `drop table ${quoteName(name, 'mysql')}`,
    ],
  ],
}
