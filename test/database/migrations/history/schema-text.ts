/** @module A database's own description of itself, in an order that does not depend on how it came about. */
import type { Connection } from 'limber/database'

type Run = (sql: string, parameters?: readonly unknown[]) => Promise<Record<string, unknown>[]>

/** One line for each column, key and rule of every table but the ledger. */
export function schemaText(connection: Connection): Promise<string[]> {
  const describe = { sqlite: sqliteText, postgres: postgresText, mysql: mysqlText }[connection.driver.dialect]
  return connection.exclusive(async (run) => (await describe(run)).sort())
}

const lines = (prefix: string, rows: readonly Record<string, unknown>[]) =>
  rows.map((row) => `${prefix} ${JSON.stringify(row)}`)

async function sqliteText(run: Run): Promise<string[]> {
  const tables = await run(
    "select name, sql from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\' and name not like 'limber%'",
  )
  const text: string[] = []
  for (const { name, sql } of tables) {
    const ask = async (what: string, columns: string) =>
      text.push(...lines(`${name} ${what}`, await run(`select ${columns} from pragma_${what}(?)`, [name])))
    text.push(`${name} autoincrement ${/autoincrement/i.test(String(sql))}`)
    text.push(`${name} checks ${[...String(sql).matchAll(/\bcheck\b/gi)].length}`)
    await ask('table_xinfo', 'name, lower(type) as type, "notnull", dflt_value, pk, hidden')
    await ask('foreign_key_list', '"table", "from", "to", on_update, on_delete')
    const indexes = await run('select name, "unique", origin, partial from pragma_index_list(?)', [name])
    for (const index of indexes) {
      const columns = await run('select name from pragma_index_xinfo(?) where key = 1', [index.name])
      const [made] = await run('select sql from sqlite_master where name = ?', [index.name])
      const where = /\bwhere\b.*$/is.exec(String(made?.sql ?? ''))?.[0].replace(/[`"]/g, '')
      // What SQLite names itself is numbered.
      const own = index.origin === 'c' ? index : { ...index, name: undefined }
      text.push(`${name} index ${JSON.stringify({ ...own, columns: columns.map((c) => c.name), where })}`)
    }
  }
  return text
}

const OURS = "n.nspname = current_schema() and c.relname not like 'limber%'"
/** Sequences and primary keys keep the name that they were given with their table. */
const POSTGRES = {
  column: `select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
      a.attnotnull as required, a.attidentity as identity,
      regexp_replace(pg_get_expr(d.adbin, d.adrelid), '^nextval.*', 'nextval') as value
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and ${OURS}`,
  constraint: `select c.relname as table, case when k.contype <> 'p' then k.conname end as name, pg_get_constraintdef(k.oid) as definition
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    where k.contype <> 'n' and ${OURS}`,
  index: `select c.relname as table, pg_get_indexdef(i.indexrelid) as definition
    from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
    where not i.indisprimary and ${OURS}`,
}

async function postgresText(run: Run): Promise<string[]> {
  const text: string[] = []
  for (const [what, sql] of Object.entries(POSTGRES)) text.push(...lines(what, await run(sql)))
  return text
}

async function mysqlText(run: Run): Promise<string[]> {
  const tables = await run(
    "select table_name as name from information_schema.tables where table_schema = schema() and table_name not like 'limber%'",
  )
  const text: string[] = []
  for (const { name } of tables) {
    const [made] = await run(`show create table \`${name}\``)
    const definition = String(made?.['Create Table']).replace(/ AUTO_INCREMENT=\d+/, '')
    text.push(...definition.split('\n').map((line) => `${name} ${line.trim().replace(/,$/, '')}`))
  }
  return text
}
