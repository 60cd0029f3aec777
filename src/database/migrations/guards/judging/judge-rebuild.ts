/** @module What a table loses when it is made anew: the columns that do not come along, and what they may hold. */
import type { Dialect } from '../../../connections/driver.ts'
import type { KnownColumn, KnownTable } from '../known-table.ts'
import type { KnownTables } from '../known-tables.ts'
import type { ColumnDefinition, CopiedValue, Copy } from '../reading/actions.ts'
import type { Rebuild } from '../rebuilds.ts'
import { EXPAND, FILL_FIRST, type Finding } from './hazard.ts'
import { judgeNull, judgeType, lost, renamedColumn } from './judge-rows.ts'

/** A column of the new table, and the value it gets. */
interface Filled {
  readonly column: ColumnDefinition
  readonly value: CopiedValue | undefined
}

export async function judgeRebuild(
  { name, copy, columns }: Rebuild,
  table: KnownTable,
  tables: KnownTables,
  dialect: Dialect,
): Promise<Finding[]> {
  const filled = pair(copy, columns, table.columns)
  const findings = table.columns
    .filter((column) => !comesAlong(column, filled, copy))
    .map((column) => lost(name, column.name, table))
  for (const { column, value } of filled) {
    const from = value?.from
    if (from === undefined) {
      if (table.isInUse && !value) findings.push(...empty(name, column))
      continue
    }
    if (!same(from, column.name)) {
      const what = renamedColumn(name, { column: from, to: column.name })
      findings.push({ kind: 'breaking', table: name, column: from, what, safer: EXPAND })
    }
    if (!table.isInUse) continue
    if (column.type) findings.push(...judgeType(name, from, table, column.type, dialect))
    if (column.isNotNull) findings.push(...(await judgeNull(name, from, table, tables, dialect)))
  }
  return findings
}

/** Which value each column gets: by the list of columns, or in the order of both tables. */
function pair(copy: Copy, columns: readonly ColumnDefinition[], before: readonly KnownColumn[]): Filled[] {
  const values = copy.values.flatMap((value) =>
    value.isStar ? before.map(({ name }) => plain(name)) : [value],
  )
  const names =
    copy.columns ?? columns.filter(({ generated }) => generated === undefined).map(({ name }) => name)
  return columns.map((column) => {
    const at = names.findIndex((name) => same(name, column.name))
    return { column, value: at < 0 ? undefined : values[at] }
  })
}

function plain(name: string): CopiedValue {
  return { from: name, mentions: [name], isStar: false }
}

function comesAlong({ name }: KnownColumn, filled: readonly Filled[], copy: Copy): boolean {
  // Without definitions, as in "create table … as", only what is selected is known.
  const values = filled.length > 0 ? filled.map(({ value }) => value) : copy.values
  return values.some((value) => value?.isStar || value?.mentions.some((mention) => same(mention, name)))
}

function empty(table: string, column: ColumnDefinition): Finding[] {
  if (!column.isNotNull || column.default || column.isAutoIncrement || column.generated || column.isPrimary)
    return []
  const what = `"${column.name}" of "${table}" is not null and has no default: rows that are there have no value for it, and the migration fails.`
  return [{ kind: 'destructive', table, column: column.name, what, safer: FILL_FIRST }]
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
