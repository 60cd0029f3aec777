/** @module Unique keys, indexes and relations that come, go and change. */
import type { MakeChange } from './change.ts'
import type { Choices } from './choices.ts'
import { type Column, isInKey, type Rule, type State, type Table } from './description.ts'
import { allows, cellsOf, columnsWhere, keysWhere, newColumnName } from './places.ts'

const RULES: readonly Rule[] = ['cascade', 'set null', 'restrict']

export const keyChanges = {
  'unique added': (state, choices) => keyAdded(state, choices, true),
  'unique removed': (state, choices) => keyRemoved(state, choices, true),
  'index added': (state, choices) => keyAdded(state, choices, false),
  'index removed': (state, choices) => keyRemoved(state, choices, false),

  'relation added': (state, choices) => {
    const [table, target] = [choices.of(state.tables), choices.of(state.tables)]
    const name = table && newColumnName(table, choices)
    const rule = choices.of(RULES)
    if (!name || !target || !rule) return undefined
    const relation = { target: target.identity, rule }
    const plain = choices.of(table.columns.filter((column) => mayRefer(table, column, target)))
    if (plain && choices.chance(50)) {
      plain.relation = relation
      return `relation added over ${table.name}.${plain.name} to ${target.name} on delete ${rule}`
    }
    table.columns.push({ identity: state.next++, name, type: 'integer', nullable: true, relation })
    return `relation added ${table.name}.${name} to ${target.name} on delete ${rule}`
  },

  'relation removed': (state, choices) => {
    const place = choices.of(columnsWhere(state, ({ relation, nullable }) => nullable && !!relation))
    if (!place) return undefined
    const { table, column } = place
    if (choices.chance(40)) {
      delete column.relation
      return `relation removed from ${table.name}.${column.name}, which stays`
    }
    table.columns = table.columns.filter((each) => each !== column)
    table.keys = table.keys.filter(({ columns }) => !columns.includes(column.identity))
    return `relation removed ${table.name}.${column.name}`
  },

  'delete rule': (state, choices) => {
    const place = choices.of(columnsWhere(state, ({ relation }) => !!relation))
    const { relation, nullable } = place?.column ?? {}
    const rule = choices.of(
      RULES.filter((each) => each !== relation?.rule && (nullable || each !== 'set null')),
    )
    if (!place || !relation || !rule) return undefined
    const words = `delete rule of ${place.table.name}.${place.column.name} from ${relation.rule} to ${rule}`
    relation.rule = rule
    return words
  },
} satisfies Record<string, MakeChange>

/** A plain column whose values are keys of the other table. */
function mayRefer(table: Table, column: Column, { rows }: Table): boolean {
  if (column.type !== 'integer' || column.relation || isInKey(table, column)) return false
  if (column.default !== undefined || !column.nullable) return false
  return cellsOf(table, column).every((cell) => cell === null || rows.some(({ id }) => id === cell))
}

function keyAdded(state: State, choices: Choices, unique: boolean) {
  const table = choices.of(state.tables)
  if (!table) return undefined
  const isIndexed = ({ type, isStamp }: Column) => type !== 'text' && !isStamp
  const all = choices.shuffled(table.columns.filter(isIndexed)).map(({ identity }) => identity)
  const possible = [all.slice(0, 1), all.slice(0, 2), all.slice(1, 2)].filter(
    (columns) => columns.length > 0 && !hasKey(table, columns) && (!unique || allows(table, columns)),
  )
  const columns = choices.of(possible)
  if (!columns) return undefined
  table.keys.push({ columns, unique })
  return `${unique ? 'unique' : 'index'} added over ${namesOf(table, columns)}`
}

function keyRemoved(state: State, choices: Choices, unique: boolean) {
  const place = choices.of(keysWhere(state, (key) => key.unique === unique))
  if (!place) return undefined
  const { table, key } = place
  table.keys = table.keys.filter((each) => each !== key)
  return `${unique ? 'unique' : 'index'} removed over ${namesOf(table, key.columns)}`
}

/** A relation has an index of its own, and two over the same columns would have the same name. */
function hasKey({ columns: all, keys }: Table, columns: readonly number[]): boolean {
  const isRelation = all.some(({ identity, relation }) => relation && identity === columns[0])
  if (columns.length === 1 && isRelation) return true
  return keys.some((key) => key.columns.toSorted().join() === columns.toSorted().join())
}

function namesOf({ name, columns: all }: Table, columns: readonly number[]): string {
  const names = columns.map((key) => all.find(({ identity }) => identity === key)?.name)
  return `${name} (${names.join(', ')})`
}
