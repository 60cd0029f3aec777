/** @module Tables that come, go and are renamed, and soft delete that is switched on and off. */

import type { MakeChange } from './change.ts'
import type { Choices } from './choices.ts'
import { newColumn } from './column-changes.ts'
import { type Column, childrenOf, isSoft, type State, type Table } from './description.ts'
import { newTableName } from './places.ts'

const FEWEST = 3
const MOST = 7

export const tableChanges = {
  'new table': (state, choices) => {
    const name = newTableName(state, choices)
    if (!name || state.tables.length >= MOST) return undefined
    const table: Table = { identity: state.next++, name, columns: [], keys: [], rows: [] }
    state.tables.push(table)
    for (let count = 1 + choices.below(3); count > 0; count--) {
      const column = newColumn(state, table, choices, choices.chance(50))
      if (column) table.columns.push(column)
    }
    const parent = choices.chance(60) ? choices.of(state.tables) : undefined
    if (parent) table.columns.push(relationTo(state, parent, choices))
    if (choices.chance(30)) table.columns.push(stampFor(state))
    return `new table ${name}${parent ? ` below ${parent.name}` : ''}`
  },

  'dropped table': (state, choices) => {
    const table = choices.of(state.tables.filter((each) => childrenOf(state, each).length === 0))
    if (!table || state.tables.length <= FEWEST) return undefined
    state.tables = state.tables.filter((each) => each !== table)
    return `dropped table ${table.name}`
  },

  'table renamed': (state, choices) => {
    const table = choices.of(state.tables)
    const name = newTableName(state, choices)
    if (!table || !name) return undefined
    const rename = `${table.name}=${name}`
    table.name = name
    return `table renamed ${rename}`
  },

  'soft delete on': (state, choices) => {
    const table = choices.of(state.tables.filter((each) => !isSoft(each)))
    if (!table) return undefined
    table.columns.push(stampFor(state))
    return `soft delete on for ${table.name}`
  },

  'soft delete off': (state, choices) => {
    const table = choices.of(state.tables.filter(isSoft))
    if (!table) return undefined
    table.columns = table.columns.filter(({ isStamp }) => !isStamp)
    return `soft delete off for ${table.name}`
  },
} satisfies Record<string, MakeChange>

function relationTo(state: State, parent: Table, choices: Choices): Column {
  const nullable = choices.chance(50)
  const rule = choices.of(nullable ? (['set null', 'cascade'] as const) : (['cascade', 'restrict'] as const))
  const relation = { target: parent.identity, rule: rule ?? 'cascade' }
  return { identity: state.next++, name: 'parent_id', type: 'integer', nullable, relation }
}

export function stampFor(state: State): Column {
  return { identity: state.next++, name: 'deleted_at', type: 'datetime', nullable: true, isStamp: true }
}
