/** @module Reads what an `alter table` does: each of its actions. */
import type { Dialect } from '../../../connections/driver.ts'
import { hasWords, splitCommas, type TableName, TokenReader } from '../../sql/token-reader.ts'
import type { Token } from '../../sql/tokens.ts'
import type { Action } from './actions.ts'
import { columnOf, definitionOf, readType } from './read-column.ts'
import { isConstraint, readConstraint } from './read-constraint.ts'
import { readOption } from './read-option.ts'

/** What `drop` may name without it being a column. */
const NOT_A_COLUMN: Readonly<Record<Dialect, ReadonlySet<string>>> = {
  sqlite: new Set(['constraint']),
  postgres: new Set(['constraint']),
  mysql: new Set('constraint primary index key foreign check partition period system'.split(' ')),
}

/** Behind `alter table`. */
export function readAlterTable(reader: TokenReader, isIgnoring: boolean): Action[] {
  reader.accept('if', 'exists')
  reader.accept('only')
  const table = reader.tableName()
  if (!table) return []
  reader.accept('*')
  if (reader.accept('wait')) reader.next()
  reader.accept('nowait')
  const { rest, dialect } = reader
  const actions = splitCommas(rest).flatMap((part) => readAction(table, part, dialect, rest))
  const deletes = isIgnoring && actions.some((action) => addsUnique(action))
  return deletes ? [...actions, { does: 'discard', table, what: 'rows that are there twice' }] : actions
}

function addsUnique(action: Action): boolean {
  if (action.does === 'create index') return action.kind === 'unique'
  return action.does === 'add constraint' && /^(?:unique|primary key)$/.test(action.kind)
}

function readAction(
  table: TableName,
  tokens: readonly Token[],
  dialect: Dialect,
  all: readonly Token[],
): Action[] {
  const reader = new TokenReader(tokens, dialect)
  if (reader.accept('add')) return readAdd(table, reader)
  if (reader.accept('drop')) return readDrop(table, reader, all)
  if (reader.accept('rename')) return readRename(table, reader)
  if (reader.accept('alter')) return readAlterColumn(table, reader)
  if (reader.accept('modify')) return readRedefinition(table, reader, false)
  if (reader.accept('change')) return readRedefinition(table, reader, true)
  if (reader.accept('validate', 'constraint')) {
    const name = reader.name()
    return name === undefined ? [] : [{ does: 'validate constraint', table, name }]
  }
  return readOption(table, reader)
}

function readAdd(table: TableName, reader: TokenReader): Action[] {
  if (!reader.accept('column') && isConstraint(reader)) return readConstraint(table, reader)
  reader.accept('if', 'not', 'exists')
  const definitions = reader.isNext('(') ? splitCommas(reader.group() ?? []) : [reader.rest]
  return definitions.flatMap((tokens): Action[] => {
    const inner = new TokenReader(tokens, reader.dialect)
    if (isConstraint(inner)) return readConstraint(table, inner)
    const column = columnOf(tokens, reader.dialect)
    return column ? [{ does: 'add column', table, column }] : []
  })
}

function readDrop(table: TableName, reader: TokenReader, all: readonly Token[]): Action[] {
  if (!reader.accept('column') && reader.isNextOf(NOT_A_COLUMN[reader.dialect])) {
    if (reader.accept('primary', 'key'))
      return [{ does: 'drop primary key', table, isReplaced: hasWords(all, 'add', 'primary', 'key') }]
    if (reader.accept('partition')) return [{ does: 'discard', table, what: 'the rows of a partition' }]
    if (reader.accept('system')) return [{ does: 'discard', table, what: 'the history of its rows' }]
    return []
  }
  reader.accept('if', 'exists')
  const column = reader.name()
  return column === undefined ? [] : [{ does: 'drop column', table, column }]
}

function readRename(table: TableName, reader: TokenReader): Action[] {
  if (reader.acceptAny('constraint', 'index', 'key') && !reader.isNext('to')) return []
  const isColumn = reader.accept('column')
  if (isColumn) reader.accept('if', 'exists')
  if (!isColumn && reader.acceptAny('to', 'as', '=')) return renamed(table, reader.tableName())
  const column = reader.name()
  if (column === undefined) return []
  // MySQL leaves out the `to` between a table and its new name.
  if (!reader.accept('to')) return renamed(table, { schema: undefined, name: column })
  const to = reader.name()
  return to === undefined ? [] : [{ does: 'rename column', table, column, to }]
}

function renamed(table: TableName, to: TableName | undefined): Action[] {
  if (!to) return []
  return [{ does: 'rename table', table, to: { schema: to.schema ?? table.schema, name: to.name } }]
}

function readAlterColumn(table: TableName, reader: TokenReader): Action[] {
  if (reader.dialect === 'mysql' && (reader.isNext('index') || reader.isNext('check'))) return []
  reader.accept('column')
  reader.accept('if', 'exists')
  const column = reader.name()
  if (column === undefined) return []
  if (reader.accept('set', 'not', 'null')) return [{ does: 'set not null', table, column }]
  if (reader.accept('drop', 'not', 'null')) return [{ does: 'drop not null', table, column }]
  if (!reader.accept('set', 'data', 'type') && !reader.accept('type')) return []
  const type = readType(reader)
  if (!type) return []
  return [{ does: 'change type', table, column, type, hasUsing: hasWords(reader.rest, 'using') }]
}

function readRedefinition(table: TableName, reader: TokenReader, isRenaming: boolean): Action[] {
  reader.accept('column')
  reader.accept('if', 'exists')
  const column = reader.name()
  const name = isRenaming ? reader.name() : column
  if (column === undefined || name === undefined) return []
  const redefined: Action = {
    does: 'redefine column',
    table,
    column,
    definition: definitionOf(name, reader),
  }
  if (name.toLowerCase() === column.toLowerCase()) return [redefined]
  return [redefined, { does: 'rename column', table, column, to: name }]
}
