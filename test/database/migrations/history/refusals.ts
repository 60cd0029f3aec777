/** @module Changes of the models that the rows do not permit. */
import type { MakeChange } from './change.ts'
import { allows, cellsOf, columnsWhere, newColumnName } from './places.ts'

export const REFUSALS = {
  'not null over nulls': (state, choices) => {
    const place = choices.of(
      columnsWhere(
        state,
        (column, table) =>
          column.nullable && column.relation?.rule !== 'set null' && cellsOf(table, column).includes(null),
      ),
    )
    if (!place) return undefined
    place.column.nullable = false
    return `not null of ${place.table.name}.${place.column.name}`
  },

  'unique over the same values': (state, choices) => {
    const place = choices.of(
      columnsWhere(
        state,
        (column, table) => column.type !== 'text' && !column.relation && !allows(table, [column.identity]),
      ),
    )
    if (!place) return undefined
    place.table.keys.push({ columns: [place.column.identity], unique: true })
    return `unique added over ${place.table.name}.${place.column.name}`
  },

  'a required column without a default': (state, choices) => {
    const table = choices.of(state.tables)
    const name = table && newColumnName(table, choices)
    if (!name) return undefined
    table.columns.push({ identity: state.next++, name, type: 'string', nullable: false })
    return `required column ${table.name}.${name}`
  },

  'a required relation': (state, choices) => {
    const [table, target] = [choices.of(state.tables), choices.of(state.tables)]
    const name = table && newColumnName(table, choices)
    if (!name || !target) return undefined
    const relation = { target: target.identity, rule: 'restrict' as const }
    table.columns.push({ identity: state.next++, name, type: 'integer', nullable: false, relation })
    return `required relation ${table.name}.${name} to ${target.name}`
  },
} satisfies Record<string, MakeChange>
