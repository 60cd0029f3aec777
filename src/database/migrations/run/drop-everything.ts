/** @module Empties a database: every table, view, sequence, type and routine of its schema, but what a bot keeps there. */
import { BOT_TABLES } from '../../bot/table-names.ts'
import type { Connection, Row, RunSql } from '../../connections/connection.ts'
import { quoteName } from '../sql/quote-name.ts'
import { OutsideOfSchemaError } from './errors.ts'
import { LEDGER_TABLE } from './ledger.ts'
import { inMigrationTransaction } from './migration-transaction.ts'

/** No migration would make these again, and what a bot has answered does not come once more. */
const NOT_OF_A_BOT = `not in (${BOT_TABLES.map((name) => `'${name}'`).join(', ')})`

/** Gives the names of the tables that are gone. Where the database can, all of it happens or nothing. */
export async function dropEverything(connection: Connection, run: RunSql): Promise<string[]> {
  const { driver, schemaName } = connection
  if (driver.dialect === 'mysql') return dropInMysql(run)
  return inMigrationTransaction(driver, run, () =>
    driver.dialect === 'sqlite' ? dropInSqlite(run) : dropInPostgres(run, schemaName),
  )
}

async function dropInSqlite(run: RunSql): Promise<string[]> {
  const list = (types: string) =>
    run(`select m.type, m.name from sqlite_master m left join pragma_table_list t on t.name = m.name and t.schema = 'main'
          where m.type in (${types}) and m.name not like 'sqlite\\_%' escape '\\' and coalesce(t.type, '') <> 'shadow'
            and m.tbl_name ${NOT_OF_A_BOT}
          order by m.type desc, coalesce(t.type, '') desc, m.name`)
  // A view or a trigger can name a table that is gone, and a virtual table takes its shadows along.
  for (const { name } of await list("'trigger'"))
    await run(`drop trigger if exists ${quoteName(String(name), 'sqlite')}`)
  const rows = await list("'view', 'table'")
  for (const { type, name } of rows) await run(`drop ${type} if exists ${quoteName(String(name), 'sqlite')}`)
  return tablesOf(rows)
}

const RELATIONS: Readonly<Record<string, string>> = {
  v: 'view',
  m: 'materialized view',
  r: 'table',
  p: 'table',
  f: 'foreign table',
  S: 'sequence',
}

/** What an extension has made stays with it. */
const NOT_OF_AN_EXTENSION = (catalog: string) =>
  `not exists (select 1 from pg_depend d where d.classid = '${catalog}'::regclass and d.objid = x.oid and d.deptype = 'e')`

/** @param named the schema of the connection: while it is not there, the current one is that of another application */
async function dropInPostgres(run: RunSql, named: string | undefined): Promise<string[]> {
  const [current] = await run('select coalesce(?, current_schema()) as name', [named ?? null])
  const schema = current?.name
  const found = await run(
    `select x.relname as name, x.relkind::text as kind from pg_class x join pg_namespace n on n.oid = x.relnamespace
      where n.nspname = ? and x.relkind in ('v', 'm', 'r', 'p', 'f', 'S') and x.relname ${NOT_OF_A_BOT}
        and ${NOT_OF_AN_EXTENSION('pg_class')}
      order by position(x.relkind::text in 'vmrpfS'), x.relname`,
    [schema],
  )
  const rows = found.map((row): Row => ({ ...row, type: RELATIONS[String(row.kind)] }))
  const outside = await outsideOf(run, schema)
  // One of the same name may be in the next schema of the path.
  const place = `${quoteName(String(schema), 'postgres')}.`
  for (const { type, name } of rows)
    await run(`drop ${type} if exists ${place}${quoteName(String(name), 'postgres')} cascade`)
  const types = await run(
    `select x.typname as name, x.typtype::text as kind from pg_type x join pg_namespace n on n.oid = x.typnamespace
      where n.nspname = ? and x.typtype in ('e', 'c', 'd', 'r') and x.typname ${NOT_OF_A_BOT}
        and ${NOT_OF_AN_EXTENSION('pg_type')}`,
    [schema],
  )
  for (const { name, kind } of types)
    await run(
      `drop ${kind === 'd' ? 'domain' : 'type'} if exists ${place}${quoteName(String(name), 'postgres')} cascade`,
    )
  const routines = await run(
    `select x.oid::regprocedure::text as name from pg_proc x join pg_namespace n on n.oid = x.pronamespace
      where n.nspname = ? and x.prokind in ('f', 'p', 'a') and ${NOT_OF_AN_EXTENSION('pg_proc')}`,
    [schema],
  )
  // Each with its arguments, and with its schema where that is needed.
  for (const { name } of routines) await run(`drop routine if exists ${name} cascade`)
  const left = new Set(await outsideOf(run, schema))
  const lost = outside.filter((name) => !left.has(name))
  if (lost.length > 0) throw new OutsideOfSchemaError(String(schema), lost)
  return tablesOf(rows)
}

/** What others have in their schemas: "cascade" would take along what depends on a table or a type of this one. */
async function outsideOf(run: RunSql, schema: unknown): Promise<string[]> {
  const ofOthers = "n.nspname <> ? and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'"
  const rows = await run(
    `select n.nspname || '.' || c.relname || '.' || a.attname as name from pg_attribute a
       join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      where a.attnum > 0 and not a.attisdropped and ${ofOthers}
      union all select n.nspname || '.' || c.relname || '.' || k.conname from pg_constraint k
       join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace where ${ofOthers}
      union all select n.nspname || '.' || c.relname || '.' || t.tgname from pg_trigger t
       join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
      where not t.tgisinternal and ${ofOthers}`,
    [schema, schema, schema],
  )
  return rows.map(({ name }) => String(name))
}

const IN_MYSQL: Readonly<Record<string, string>> = { VIEW: 'view', SEQUENCE: 'sequence' }

async function dropInMysql(run: RunSql): Promise<string[]> {
  const found = await run(
    `select table_name as name, table_type as kind from information_schema.tables where table_schema = schema() and table_name ${NOT_OF_A_BOT} order by table_name`,
  )
  const routines = await run(
    'select routine_name as name, routine_type as type from information_schema.routines where routine_schema = schema()',
  )
  // Each is gone for good: the ledger goes first, so that whoever is killed here leaves none that tells of what is gone.
  const isLedger = ({ name }: Row) => Number(name === LEDGER_TABLE)
  const rows = found
    .map((row): Row => ({ ...row, type: IN_MYSQL[String(row.kind)] ?? 'table' }))
    .sort((a, b) => isLedger(b) - isLedger(a))
  await run('set foreign_key_checks = 0')
  try {
    for (const { type, name } of rows) await run(`drop ${type} if exists ${quoteName(String(name), 'mysql')}`)
    for (const { type, name } of routines)
      await run(`drop ${type} if exists ${quoteName(String(name), 'mysql')}`)
  } finally {
    await run('set foreign_key_checks = 1')
  }
  return tablesOf(rows)
}

function tablesOf(rows: readonly Row[]): string[] {
  return rows.filter(({ type }) => String(type).endsWith('table')).map(({ name }) => String(name))
}
