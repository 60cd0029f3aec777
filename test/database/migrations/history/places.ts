/** @module Where in the models a change can be made. */
import type { Choices } from './choices.ts'
import { type Column, type Key, type State, stampOf, type Table } from './description.ts'

export interface Place {
  readonly table: Table
  readonly column: Column
}

export interface KeyPlace {
  readonly table: Table
  readonly key: Key
}

/** Words of SQL, capitals, and one that looks like the column of a relation. */
const COLUMN_NAMES = [
  'order',
  'key',
  'theName',
  'kind',
  'colour',
  'rack_id',
  'default',
  'a',
  'note',
  'number',
]
const TABLE_NAMES = ['group', 'room', 'crate', 'Lamp', 'desk', 'user', 'index', 'a_table', 'lid', 'shelves']

export function columnsWhere(state: State, condition: (column: Column, table: Table) => boolean): Place[] {
  return state.tables.flatMap((table) =>
    table.columns
      .filter((column) => !column.isStamp && condition(column, table))
      .map((column) => ({ table, column })),
  )
}

export function keysWhere(state: State, condition: (key: Key) => boolean): KeyPlace[] {
  return state.tables.flatMap((table) => table.keys.filter(condition).map((key) => ({ table, key })))
}

export function newColumnName({ columns }: Table, choices: Choices): string | undefined {
  const taken = [...columns.map(({ name }) => name.toLowerCase()), 'id']
  return choices.of(COLUMN_NAMES.filter((name) => !taken.includes(name.toLowerCase())))
}

export function newTableName({ tables }: State, choices: Choices): string | undefined {
  const taken = tables.map(({ name }) => name.toLowerCase())
  return choices.of(TABLE_NAMES.filter((name) => !taken.includes(name.toLowerCase())))
}

export function cellsOf({ rows }: Table, { identity }: Column) {
  return rows.map(({ cells }) => cells[identity] ?? null)
}

/** Whether no two rows have the same in all of these columns. */
export function isUnique(
  table: Table,
  columns: readonly number[],
  isCounted = (_: Table['rows'][0]) => true,
) {
  const values = table.rows
    .filter(isCounted)
    .map(({ cells }) => columns.map((identity) => cells[identity] ?? null))
    .filter((each) => !each.includes(null))
    .map((each) => each.join('\n').toLowerCase())
  return new Set(values).size === values.length
}

/** Whether keys that are unique are so among the rows that count. */
export function allows(table: Table, columns: readonly number[]): boolean {
  const stamp = stampOf(table)
  return isUnique(table, columns, ({ cells }) => !stamp || (cells[stamp.identity] ?? null) === null)
}

/** Whether a database takes the rows. */
export function isConsistent({ tables }: State): boolean {
  return tables.every(
    (table) =>
      table.keys.every(({ unique, columns }) => !unique || allows(table, columns)) &&
      table.columns.every((column) => column.nullable || !cellsOf(table, column).includes(null)),
  )
}
