/** @module What a database has written down about its schema, as texts that are equal when the schemas are. */
import type { Connection, Row } from '../../connections/connection.ts'
import type { Dialect } from '../../connections/driver.ts'
import { normalizeDefinition } from '../schema/sql.ts'

const OF_SCHEMA = 'n.nspname = current_schema()'

const SQLITE =
  "select type, name, sql from sqlite_master where sql is not null and name not like 'sqlite\\_%' escape '\\'"

const POSTGRES: readonly string[] = [
  `select 'column' as kind, c.relname as owner, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
     a.attnotnull as required, a.attidentity as identity, a.attgenerated as generated, pg_get_expr(d.adbin, d.adrelid) as value
   from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
   left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where ${OF_SCHEMA} and a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm')`,
  `select 'index' as kind, tablename as owner, indexname as name, indexdef as value from pg_indexes where schemaname = current_schema()`,
  `select 'constraint' as kind, c.relname as owner, k.conname as name, pg_get_constraintdef(k.oid) as value
   from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace where ${OF_SCHEMA}`,
  `select 'view' as kind, '' as owner, c.relname as name, pg_get_viewdef(c.oid) as value
   from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${OF_SCHEMA} and c.relkind in ('v', 'm')`,
  `select 'trigger' as kind, c.relname as owner, t.tgname as name, pg_get_triggerdef(t.oid) as value
   from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace where ${OF_SCHEMA} and not t.tgisinternal`,
  `select 'function' as kind, '' as owner, p.proname as name, p.prosrc as value
   from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${OF_SCHEMA}`,
  `select 'enum' as kind, t.typname as owner, e.enumlabel as name, e.enumsortorder::text as value
   from pg_enum e join pg_type t on t.oid = e.enumtypid join pg_namespace n on n.oid = t.typnamespace where ${OF_SCHEMA}`,
  `select 'comment' as kind, c.relname as owner, o.objsubid::text as name, o.description as value
   from pg_description o join pg_class c on c.oid = o.objoid join pg_namespace n on n.oid = c.relnamespace where ${OF_SCHEMA}`,
  `select 'sequence' as kind, '' as owner, c.relname as name, '' as value
   from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${OF_SCHEMA} and c.relkind = 'S'`,
]

const MYSQL_OTHERS: readonly string[] = [
  `select 'view' as kind, table_name as name, view_definition as value from information_schema.views where table_schema = schema()`,
  `select 'trigger' as kind, trigger_name as name, action_statement as value from information_schema.triggers where trigger_schema = schema()`,
  `select 'routine' as kind, routine_name as name, routine_definition as value from information_schema.routines where routine_schema = schema()`,
]

/** Texts in an order of their own, so that two lists can be compared. */
export async function schemaText(scratch: Connection): Promise<string[]> {
  return (await TEXTS[scratch.driver.dialect](scratch)).sort()
}

const TEXTS: Readonly<Record<Dialect, (scratch: Connection) => Promise<string[]>>> = {
  sqlite: async (scratch) =>
    (await scratch.execute(SQLITE)).map(({ sql }) => normalizeDefinition(String(sql))),
  postgres: (scratch) => rowsOf(scratch, POSTGRES),
  mysql: async (scratch) => [
    ...(await tableDefinitions(scratch)).map(({ sql }) => sql.split(/,?\n/).sort().join('\n')),
    ...(await rowsOf(scratch, MYSQL_OTHERS)),
  ],
}

/** Whether a database of MySQL has more than tables. */
export async function hasMoreThanTables(scratch: Connection): Promise<boolean> {
  return (await rowsOf(scratch, MYSQL_OTHERS)).length > 0
}

export interface TableDefinition {
  readonly table: string
  readonly sql: string
}

/** As `show create table` tells them on MySQL, without where they count on from. */
export async function tableDefinitions(scratch: Connection): Promise<TableDefinition[]> {
  const tables = await scratch.execute(
    "select table_name as name from information_schema.tables where table_schema = schema() and table_type = 'BASE TABLE' order by table_name",
  )
  const definitions: TableDefinition[] = []
  for (const { name } of tables) {
    const table = String(name)
    const [row] = await scratch.execute(`show create table \`${table.replaceAll('`', '``')}\``)
    definitions.push({ table, sql: String(row?.['Create Table']).replace(/ AUTO_INCREMENT=\d+/, '') })
  }
  return definitions
}

async function rowsOf(scratch: Connection, queries: readonly string[]): Promise<string[]> {
  const rows: Row[] = []
  for (const query of queries) rows.push(...(await scratch.execute(query)))
  return rows.map((row) => JSON.stringify(row))
}
