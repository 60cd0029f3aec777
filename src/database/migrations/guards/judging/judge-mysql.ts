/** @module What MariaDB and MySQL cannot do to a table while it is written to. */

import type { KnownColumn, KnownTable } from '../known-table.ts'
import type { Action, ColumnDefinition } from '../reading/actions.ts'
import type { Finding } from './hazard.ts'
import { rangeOf, type ValueRange } from './value-range.ts'

const COPY = 'Copy the table beside it in batches, or run this while nobody writes.'

export function judgeMysql(action: Action, table: KnownTable): Finding[] {
  if (!('table' in action) || !action.table) return []
  const { name } = action.table
  switch (action.does) {
    case 'redefine column': {
      const copies = isCopied(table.column(action.column), action.definition)
      if (copies === false) return []
      const may = copies ? 'is' : 'may be'
      return [
        locking(
          name,
          `Nobody writes to "${name}" while it ${may} copied for the type of "${action.column}".`,
          action.column,
        ),
      ]
    }
    case 'add constraint':
      if (action.kind !== 'foreign key' && action.kind !== 'check') return []
      return [locking(name, `Nobody writes to "${name}" while it is copied and every row is checked.`)]
    case 'drop primary key':
      return action.isReplaced
        ? []
        : [locking(name, `Nobody writes to "${name}" while it is copied without its primary key.`)]
    case 'create index':
      return action.kind === 'special'
        ? [locking(name, `Nobody writes to "${name}" while the index is built.`)]
        : []
    case 'add column':
      return judgeColumn(name, action.column)
    default:
      return []
  }
}

function judgeColumn(name: string, column: ColumnDefinition): Finding[] {
  if (column.generated !== 'stored' && !column.isAutoIncrement) return []
  return [
    locking(
      name,
      `Nobody writes to "${name}" while it is copied for the values of "${column.name}".`,
      column.name,
    ),
  ]
}

/** Undefined when nobody knows. */
function isCopied(before: KnownColumn | undefined, { type }: ColumnDefinition): boolean | undefined {
  if (!type) return false
  if (!before?.type) return undefined
  const [old, next] = [rangeOf(before.type, 'mysql'), rangeOf(type, 'mysql')]
  return !old || !next ? before.type.text !== type.text : !isInstant(old, next, before.type.name, type.name)
}

/** A length needs a second byte when more than 255 do. */
const BYTES_OF_CHARACTER = 4

function isInstant(old: ValueRange, next: ValueRange, from: string, to: string): boolean {
  if (old.of === 'text' && next.of === 'text') {
    const needsMore = (length: number) => length * BYTES_OF_CHARACTER > 255
    if (from !== to) return false
    return (
      old.length === next.length ||
      (from === 'varchar' && next.length > old.length && needsMore(old.length) === needsMore(next.length))
    )
  }
  if (old.of === 'enum' && next.of === 'enum')
    return old.values.every((value, at) => next.values[at] === value)
  return JSON.stringify(old) === JSON.stringify(next)
}

function locking(table: string, what: string, column?: string): Finding {
  return { kind: 'locking', table, column, what, safer: COPY }
}
