/** @module Writes rows by plain SQL, and reads them back as the values that were meant. */
import type { Connection } from 'limber/database'
import type { Choices } from './choices.ts'
import { quoted } from './databases.ts'
import {
  type Cell,
  type Column,
  initialCell,
  type Row,
  type State,
  type Table,
  tableOf,
} from './description.ts'
import { isUnique } from './places.ts'
import { newValue } from './values.ts'

type Dialect = Connection['driver']['dialect']

export interface Writer {
  readonly run: (sql: string, parameters?: readonly unknown[]) => Promise<Record<string, unknown>[]>
  readonly dialect: Dialect
}

/** Writes in one transaction. */
export function writing(connection: Connection, work: (writer: Writer) => Promise<void>): Promise<void> {
  return connection.exclusive(async (run) => {
    await run('begin')
    await work({ run, dialect: connection.driver.dialect })
    await run('commit')
  })
}

/** Every row of every table, one in a line, by the names that they have now. */
export async function readRows(connection: Connection, state: State): Promise<string[]> {
  const lines: string[] = []
  const { dialect } = connection.driver
  for (const { name, columns } of state.tables) {
    const rows = await connection.execute(
      `select * from ${quoted(dialect, name)} order by ${quoted(dialect, 'id')}`,
    )
    for (const row of rows) {
      const cells = columns.map((column) => [column.name, decode(row[column.name], column, dialect)])
      lines.push(lineOf(name, Number(row.id), cells))
    }
  }
  return lines
}

/** The same of the description. */
export function expectedRows({ tables }: State): string[] {
  return tables.flatMap(({ name, columns, rows }) =>
    rows.map(({ id, cells }) =>
      lineOf(
        name,
        id,
        columns.map((column) => [column.name, cells[column.identity] ?? null]),
      ),
    ),
  )
}

function lineOf(table: string, id: number, cells: readonly (readonly unknown[])[]): string {
  return `${table} ${id} ${cells.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(' ')}`
}

/** Inserts a row in which columns with a default are mostly left out, and notes it. */
export async function addRow(
  { run, dialect }: Writer,
  state: State,
  table: Table,
  choices: Choices,
): Promise<void> {
  const cells: Record<number, Cell> = {}
  const written: Column[] = []
  const number = state.next++
  for (const column of table.columns) {
    const isLeftOut = column.isStamp || (column.default !== undefined && choices.chance(70))
    cells[column.identity] = isLeftOut ? initialCell(column) : cellFor(state, column, number, choices)
    if (!isLeftOut) written.push(column)
    if (cells[column.identity] === null && !column.nullable) return
  }
  const row = (id: number): Row => ({ id, cells })
  const isAllowed = table.keys.every(
    ({ unique, columns }) => !unique || isUnique({ ...table, rows: [...table.rows, row(0)] }, columns),
  )
  if (!isAllowed) return
  const q = (name: string) => quoted(dialect, name)
  const values = written.map((column) => encode(cells[column.identity] ?? null, column, dialect))
  const into =
    written.length > 0
      ? `(${written.map(({ name }) => q(name)).join(', ')}) values (${written.map(() => '?').join(', ')})`
      : dialect === 'mysql'
        ? '() values ()'
        : 'default values'
  await run(`insert into ${q(table.name)} ${into}`, values)
  const [last] = await run(`select max(${q('id')}) as id from ${q(table.name)}`)
  table.rows.push(row(Number(last?.id)))
}

/** Writes another value to a column of a row. */
export async function writeCell(
  { run, dialect }: Writer,
  table: Table,
  column: Column,
  row: Row,
  value: Cell,
) {
  const q = (name: string) => quoted(dialect, name)
  await run(`update ${q(table.name)} set ${q(column.name)} = ? where ${q('id')} = ?`, [
    encode(value, column, dialect),
    row.id,
  ])
  row.cells[column.identity] = value
}

export function cellFor(state: State, column: Column, number: number, choices: Choices): Cell {
  if (column.nullable && choices.chance(30)) return null
  if (!column.relation) return newValue(column.type, number, choices)
  return choices.of(tableOf(state, column.relation.target).rows)?.id ?? null
}

function encode(value: Cell, { type }: Column, dialect: Dialect): unknown {
  if (value === null) return null
  if (type === 'boolean') return dialect === 'postgres' ? value : Number(value)
  if (type !== 'datetime') return value
  if (dialect === 'sqlite') return Date.parse(String(value))
  return String(value)
    .replace('T', ' ')
    .replace('Z', dialect === 'postgres' ? '+00' : '')
}

/** A value of another type than the column's is given as it is, to be seen. */
function decode(value: unknown, { type }: Column, dialect: Dialect): unknown {
  if (value === null) return null
  switch (type) {
    case 'boolean':
      return dialect === 'postgres' ? value : value === 0 ? false : value === 1 ? true : value
    case 'bigint':
    case 'decimal':
      return dialect === 'sqlite' ? value : Number(value)
    case 'datetime':
      return isoOf(value)
    default:
      return value
  }
}

/** Dates, milliseconds, and texts in UTC. */
function isoOf(value: unknown): unknown {
  const text = typeof value === 'string' ? value.replace(' ', 'T').replace(/(?:\+00)?$/, 'Z') : value
  const date = typeof text === 'string' || typeof text === 'number' ? new Date(text) : text
  return date instanceof Date && !Number.isNaN(date.getTime()) ? date.toISOString() : value
}
