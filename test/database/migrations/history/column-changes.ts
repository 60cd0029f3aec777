/** @module Columns that come, go, are renamed, and change what they hold. */
import type { MakeChange } from './change.ts'
import type { Choices } from './choices.ts'
import {
  type Cell,
  type Column,
  type ColumnType,
  isInKey,
  type Row,
  type State,
  type Table,
} from './description.ts'
import { cellsOf, columnsWhere, newColumnName, type Place } from './places.ts'
import { convert, newDefault } from './values.ts'

const TYPES: readonly ColumnType[] = [
  'integer',
  'bigint',
  'double',
  'decimal',
  'boolean',
  'string',
  'short',
  'text',
  'datetime',
]
/** Rows that are there need a value. */
const hasDefault = (column: Column) => column.default !== undefined
const mayGo = (column: Column) => column.nullable || hasDefault(column)

export function newColumn(
  state: State,
  table: Table,
  choices: Choices,
  needsValue = true,
): Column | undefined {
  const name = newColumnName(table, choices)
  const type = choices.of(TYPES)
  if (!name || !type) return undefined
  const value = choices.chance(50) ? newDefault(type, choices) : undefined
  const nullable = (needsValue && value === undefined) || choices.chance(40)
  const column: Column = { identity: state.next++, name, type, nullable }
  if (value !== undefined) column.default = value
  return column
}

function set(place: Place | undefined, words: string, change: (column: Column) => void) {
  if (!place) return undefined
  change(place.column)
  return `${words} of ${place.table.name}.${place.column.name}`
}

export const columnChanges = {
  'new column': (state, choices) => {
    const table = choices.of(state.tables)
    const column = table && newColumn(state, table, choices)
    if (!column) return undefined
    table.columns.push(column)
    return `new column ${table.name}.${column.name} ${JSON.stringify(column)}`
  },

  'dropped column': (state, choices) => {
    const place = choices.of(columnsWhere(state, (column) => !column.relation && mayGo(column)))
    if (!place) return undefined
    const { table, column } = place
    table.columns = table.columns.filter((each) => each !== column)
    table.keys = table.keys.filter(({ columns }) => !columns.includes(column.identity))
    return `dropped column ${table.name}.${column.name}`
  },

  'column renamed': (state, choices) => {
    const place = choices.of(columnsWhere(state, () => true))
    const name = place && newColumnName(place.table, choices)
    if (!name) return undefined
    const rename = `${place.table.name}.${place.column.name}=${name}`
    place.column.name = name
    return `column renamed ${rename}`
  },

  type: (state, choices) => {
    const places = columnsWhere(state, ({ relation }) => !relation)
    const possible = places.flatMap((place) =>
      TYPES.filter((type) => canBecome(place, type)).map((type) => ({ ...place, type })),
    )
    const change = choices.of(possible)
    if (!change) return undefined
    const { table, column, type } = change
    const from = column.type
    for (const { cells } of table.rows) convertCell(cells, column, type)
    if (column.default !== undefined) column.default = converted(column.default, from, type)
    column.type = type
    return `type of ${table.name}.${column.name} from ${from} to ${type}`
  },

  nullable: (state, choices) =>
    set(choices.of(columnsWhere(state, ({ nullable }) => !nullable)), 'nullable', (column) => {
      column.nullable = true
    }),

  'not null': (state, choices) => {
    const isPossible = (column: Column, table: Table) =>
      column.nullable && column.relation?.rule !== 'set null' && !cellsOf(table, column).includes(null)
    return set(choices.of(columnsWhere(state, isPossible)), 'not null', (column) => {
      column.nullable = false
    })
  },

  'default added': (state, choices) =>
    withDefault(state, choices, 'default added', (column) => !hasDefault(column)),

  'default changed': (state, choices) => withDefault(state, choices, 'default changed', hasDefault),

  'default removed': (state, choices) =>
    set(choices.of(columnsWhere(state, hasDefault)), 'default removed', (column) => {
      delete column.default
    }),
} satisfies Record<string, MakeChange>

function withDefault(state: State, choices: Choices, words: string, condition: (column: Column) => boolean) {
  const places = columnsWhere(state, (column) => condition(column) && !column.relation).flatMap((place) => {
    const value = newDefault(place.column.type, choices)
    return value === undefined || value === place.column.default ? [] : [{ ...place, value }]
  })
  const place = choices.of(places)
  return set(place, `${words} to ${JSON.stringify(place?.value)}`, (column) => {
    if (place) column.default = place.value
  })
}

/** There and back again, for all rows. */
function canBecome({ table, column }: Place, type: ColumnType): boolean {
  if (type === column.type) return false
  if (type === 'text' && (hasDefault(column) || isInKey(table, column))) return false
  const values = [...cellsOf(table, column), column.default ?? null]
  return values.every((value) => {
    const there = convert(value, column.type, type)
    return there !== undefined && convert(there, type, column.type) === value
  })
}

function convertCell(cells: Row['cells'], { identity, type: from }: Column, to: ColumnType): void {
  // A column that is new has no value yet.
  if (cells[identity] !== undefined) cells[identity] = converted(cells[identity], from, to)
}

function converted(value: Cell | undefined, from: ColumnType, to: ColumnType): Cell {
  return convert(value ?? null, from, to) ?? null
}
