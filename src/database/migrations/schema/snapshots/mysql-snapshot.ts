/** @module The schema of a MySQL or MariaDB database, from the statements that it would create its tables with. */
import type { RunSql } from '../../../connections/connection.ts'
import { quoteName } from '../../sql/quote-name.ts'
import { type Definition, SchemaSnapshot, type SnapshotColumn } from './schema-snapshot.ts'

const TABLES = `select table_name as name, table_type as type from information_schema.tables
  where table_schema = schema() and table_name not like 'limber\\_migration%' order by table_name`
const COLUMNS = `select table_name as owner, column_name as name, is_nullable = 'NO' and column_default is null
  and extra not like '%auto_increment%' and coalesce(generation_expression, '') = '' as required
  from information_schema.columns where table_schema = schema()`
const LOOSE = `
  select 'trigger' as type, event_object_table as owner, trigger_name as name,
    concat_ws(' ', action_timing, event_manipulation, action_statement) as meaning
  from information_schema.triggers where trigger_schema = schema()
  union all
  select lower(routine_type), routine_name, routine_name, concat_ws(' ', dtd_identifier, routine_definition)
  from information_schema.routines where routine_schema = schema()`

const PART = /^(PRIMARY KEY|(?:UNIQUE |FULLTEXT |SPATIAL )?KEY|CONSTRAINT)?\s*(?:`((?:[^`]|``)*)`)?/

export async function takeMysqlSnapshot(run: RunSql): Promise<SchemaSnapshot> {
  const definitions: Definition[] = []
  const columns = new Map<string, SnapshotColumn[]>()
  for (const { name, type } of await run(TABLES)) {
    const table = String(name)
    if (type === 'BASE TABLE') columns.set(table, [])
    definitions.push(...(await definitionsOf(run, table, type === 'VIEW')))
  }
  for (const row of await run(COLUMNS)) {
    const column = { name: String(row.name), isRequired: Number(row.required) === 1 }
    columns.get(String(row.owner))?.push(column)
  }
  const loose = (await run(LOOSE)).map((row) => ({
    type: String(row.type),
    table: String(row.owner),
    name: String(row.name),
    meaning: String(row.meaning),
  }))
  return new SchemaSnapshot([...definitions, ...loose], columns)
}

async function definitionsOf(run: RunSql, table: string, isView: boolean): Promise<Definition[]> {
  const [row] = await run(`show create table ${quoteName(table, 'mysql')}`)
  const sql = String(isView ? row?.['Create View'] : row?.['Create Table'])
  if (isView) return [{ type: 'view', name: table, table, meaning: sql }]
  // The database writes one part in each line, and nothing in a part breaks it.
  const lines = sql.split('\n').slice(1)
  const options = lines.pop() ?? ''
  return [
    { type: 'table', name: table, table, meaning: options.replace(/ AUTO_INCREMENT=\d+/, '') },
    ...lines.map((line) => partOf(table, line.trim().replace(/,$/, ''))),
  ]
}

function partOf(table: string, meaning: string): Definition {
  const [, kind, name = ''] = PART.exec(meaning) ?? []
  const type = kind === undefined ? 'column' : kind === 'CONSTRAINT' ? 'constraint' : 'index'
  return { type, name: name.replaceAll('``', '`') || 'primary key', table, meaning }
}
