/** @module What happens to rows, and to code that still runs: the same on every database. */
import type { Dialect } from '../../../connections/driver.ts'
import type { KnownTable } from '../known-table.ts'
import type { KnownTables } from '../known-tables.ts'
import type { Action, ColumnDefinition, SqlType } from '../reading/actions.ts'
import { EXPAND, FILL_FIRST, FILL_THEN, type Finding, LATER } from './hazard.ts'
import { narrowing } from './narrowing.ts'

/** What an action does to rows of a table that is in use. */
export async function judgeRows(
  action: Action,
  table: KnownTable,
  tables: KnownTables,
  dialect: Dialect,
): Promise<Finding[]> {
  if (!('table' in action) || !action.table) return []
  const { name } = action.table
  switch (action.does) {
    case 'create table':
      return action.replaces ? [dropped(name, table)] : []
    case 'drop table':
      return [dropped(name, table)]
    case 'drop column':
      return [lost(name, action.column, table)]
    case 'truncate':
    case 'delete':
      return [destructive(name, `Every row of "${name}" is deleted.`)]
    case 'rename table':
      return [
        renamed(name, `"${name}" becomes "${action.to.name}": code that runs still asks for "${name}".`),
      ]
    case 'rename column':
      return [renamed(name, renamedColumn(name, action), action.column)]
    case 'add column':
      return table.isInUse ? added(name, action.column, dialect) : []
    case 'set not null':
      return table.isInUse ? judgeNull(name, action.column, table, tables, dialect) : []
    case 'change type':
      return table.isInUse ? judgeType(name, action.column, table, action.type, dialect) : []
    case 'redefine column': {
      if (!table.isInUse) return []
      const { type, isNotNull } = action.definition
      const nulls = isNotNull ? await judgeNull(name, action.column, table, tables, dialect) : []
      return [...(type ? judgeType(name, action.column, table, type, dialect) : []), ...nulls]
    }
    default:
      return []
  }
}

function dropped(name: string, { hasRows }: KnownTable): Finding {
  const rows = hasRows === false ? '; it has no rows now' : ' with all of its rows'
  return destructive(name, `"${name}" is dropped${rows}.`, undefined, LATER)
}

export function lost(name: string, column: string, { hasRows }: KnownTable): Finding {
  const values = hasRows === false ? '; the table has no rows now' : ' with all that is in it'
  return destructive(name, `"${column}" of "${name}" is dropped${values}.`, column, LATER)
}

function renamed(table: string, what: string, column?: string): Finding {
  return { kind: 'breaking', table, column, what, safer: EXPAND }
}

export function renamedColumn(table: string, { column, to }: { column: string; to: string }): string {
  return `"${column}" of "${table}" becomes "${to}": code that runs still asks for "${column}".`
}

function added(table: string, column: ColumnDefinition, dialect: Dialect): Finding[] {
  if (!column.isNotNull || column.default || column.isAutoIncrement || column.generated) return []
  const end =
    dialect === 'mysql'
      ? 'get an empty value that nobody chose'
      : 'have no value for it, and the statement fails'
  const what = `"${column.name}" of "${table}" is not null and has no default: rows that are there ${end}.`
  return [destructive(table, what, column.name, FILL_FIRST)]
}

export async function judgeNull(
  name: string,
  column: string,
  table: KnownTable,
  tables: KnownTables,
  dialect: Dialect,
): Promise<Finding[]> {
  const hasNulls = await tables.hasNulls(table, column)
  if (hasNulls === false) return []
  const rows = hasNulls ? 'rows where it is null' : 'rows where it may be null'
  const end =
    dialect === 'mysql' ? 'are refused, or get an empty value that nobody chose' : 'make the migration fail'
  return [destructive(name, `"${column}" of "${name}" becomes not null: ${rows} ${end}.`, column, FILL_THEN)]
}

const END: Readonly<Record<string, string>> = {
  narrows: 'what does not fit is refused, cut or rounded',
  unknown: 'this may narrow it, and what does not fit is refused, cut or rounded',
  converts: 'what looks like a number becomes one, and "007" becomes 7',
}

export function judgeType(
  name: string,
  column: string,
  table: KnownTable,
  type: SqlType,
  dialect: Dialect,
): Finding[] {
  const before = table.column(column)?.type
  const result = before ? narrowing(before, type, dialect) : dialect === 'sqlite' ? 'fits' : 'unknown'
  if (result === 'fits') return []
  const from = before ? ` from ${before.text}` : ''
  const change = `"${column}" of "${name}" becomes ${type.text}${from}`
  if (result === 'not enforced')
    return [{ kind: 'note', table: name, column, what: `${change}: SQLite keeps values that do not fit.` }]
  return [destructive(name, `${change}: ${END[result]}.`, column, EXPAND)]
}

function destructive(table: string, what: string, column?: string, safer?: string): Finding {
  return { kind: 'destructive', table, column, what, safer }
}
