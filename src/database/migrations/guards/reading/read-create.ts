/** @module Reads a `create`: of a table, an index, and of what the preview cannot look into. */

import { splitCommas, TokenReader } from '../../sql/token-reader.ts'
import type { Action, ColumnDefinition } from './actions.ts'
import { columnOf } from './read-column.ts'
import { isConstraint, primaryKeyOf } from './read-constraint.ts'
import { readCopy } from './read-copy.ts'

const BEFORE_TABLE = ['global', 'local', 'temporary', 'temp', 'unlogged'] as const

/** Behind `create`. */
export function readCreate(reader: TokenReader): Action[] {
  const replaces = reader.accept('or', 'replace')
  while (reader.acceptAny(...BEFORE_TABLE));
  if (reader.accept('table')) return readCreateTable(reader, replaces)
  reader.acceptAny('online', 'offline')
  const kind = reader.accept('unique')
    ? 'unique'
    : reader.acceptAny('fulltext', 'spatial')
      ? 'special'
      : 'plain'
  return reader.accept('index') ? readCreateIndex(reader, kind) : []
}

function readCreateTable(reader: TokenReader, replaces: boolean): Action[] {
  const isOptional = reader.accept('if', 'not', 'exists')
  const table = reader.tableName()
  if (!table) return []
  const columns = reader.isNext('(') ? columnsIn(reader) : []
  reader.until('as', 'select')
  reader.accept('as')
  const inner = reader.isNext('(') ? new TokenReader(reader.group() ?? [], reader.dialect) : reader
  const copy = readCopy(inner, undefined, false)
  return [{ does: 'create table', table, columns, copy, replaces, isOptional }]
}

function columnsIn(reader: TokenReader): ColumnDefinition[] {
  const parts = splitCommas(reader.group() ?? [])
  const { dialect } = reader
  const isOther = (part: (typeof parts)[number]) => isConstraint(new TokenReader(part, dialect))
  const keys = parts.filter(isOther).flatMap((part) => primaryKeyOf(part, dialect))
  return parts
    .filter((part) => !isOther(part))
    .flatMap((part) => columnOf(part, dialect) ?? [])
    .map((column) => (keys.includes(column.name) ? { ...column, isNotNull: true, isPrimary: true } : column))
}

function readCreateIndex(reader: TokenReader, kind: 'plain' | 'unique' | 'special'): Action[] {
  const isConcurrent = reader.accept('concurrently')
  // Its name may be left out.
  reader.until('on')
  reader.accept('on')
  reader.accept('only')
  const table = reader.tableName()
  return table ? [{ does: 'create index', table, isConcurrent, kind }] : []
}
