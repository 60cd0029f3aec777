/** @module Reads what statements do to rows: `truncate`, `delete`, `update` and `insert`. */

import { findWords, hasWords, isWord, partsOf, TokenReader } from '../../sql/token-reader.ts'
import type { Token } from '../../sql/tokens.ts'
import type { Action } from './actions.ts'
import { readCopy } from './read-copy.ts'

/** Each behind its verb, apart from the last. */
export function readTruncate(reader: TokenReader): Action[] {
  // It is a function of MySQL, too; then it is no statement.
  if (reader.isNext('(')) return []
  reader.accept('table')
  return reader.tableNames().map((table): Action => ({ does: 'truncate', table }))
}

export function readDelete(reader: TokenReader): Action[] {
  while (reader.acceptAny('low_priority', 'quick', 'ignore', 'history'));
  // Behind a list of tables, MySQL joins them, and the join says which rows.
  const isList = !reader.accept('from')
  if (isList) return []
  reader.accept('only')
  const table = reader.tableName()
  if (!table || isLimitedTo(reader)) return []
  return [{ does: 'delete', table }]
}

function isLimitedTo({ rest, dialect }: TokenReader): boolean {
  const from = findWords(rest, 'where')
  if (from < 0) return hasWords(rest, 'join')
  const condition = new TokenReader(rest.slice(from + 1), dialect).until('returning', 'limit', 'order')
  return !/^\(*(?:true|\d+|(\d+)=\1)\)*$/.test(condition.map(({ text }) => text).join(''))
}

export function readInsert(reader: TokenReader): Action[] {
  const isReplacing = reader.accept('replace')
  if (!isReplacing) reader.accept('insert')
  const odd = reader.acceptAny('or ignore', 'or replace', 'ignore', 'or rollback', 'or fail', 'or abort')
  reader.accept('into')
  const table = reader.tableName()
  if (!table) return []
  const columns = reader.isNext('(') && !reader.isNext('(', 'select') ? namesIn(reader) : undefined
  reader.acceptAny('overriding system value', 'overriding user value')
  const isIgnoring = isReplacing || /ignore|replace/.test(odd ?? '')
  const copy = readCopy(reader, columns, isIgnoring)
  return copy ? [{ does: 'copy', table, copy }] : []
}

function namesIn(reader: TokenReader): string[] {
  const inner = new TokenReader(reader.group() ?? [], reader.dialect)
  return partsOf(inner).flatMap((part) => part.name() ?? [])
}

export function readUpdate(reader: TokenReader): Action[] {
  while (reader.acceptAny('low_priority', 'ignore', 'only'));
  const table = reader.tableName()
  if (!table) return []
  reader.until('set')
  if (!reader.accept('set')) return []
  const assignments = new TokenReader(
    reader.until('where', 'from', 'returning', 'limit', 'order'),
    reader.dialect,
  )
  const condition = reader.rest
  return partsOf(assignments).flatMap((part): Action[] => {
    const column = part.tableName()?.name
    if (column === undefined || !part.accept('=') || part.isNext('null')) return []
    return isFilling(condition, column) ? [{ does: 'fill', table, column }] : []
  })
}

/** Whether no row is left without a value. */
function isFilling([first, ...rest]: readonly Token[], column: string): boolean {
  if (!first) return true
  const words = rest.map(({ text }) => text.toLowerCase())
  const from = words.indexOf(column.toLowerCase())
  return isWord(first, 'where') && from === words.length - 3 && words.slice(from + 1).join(' ') === 'is null'
}
