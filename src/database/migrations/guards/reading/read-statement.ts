/** @module Reads what one statement does to tables, rows and locks. */
import type { Dialect } from '../../../connections/driver.ts'
import { hasWords, partsOf, TokenReader } from '../../sql/token-reader.ts'
import { splitTokens, type Token, tokensOf } from '../../sql/tokens.ts'
import type { Action } from './actions.ts'
import { readAlterTable } from './read-alter.ts'
import { readCreate } from './read-create.ts'
import { readDrop } from './read-drop.ts'
import { readMaintenance } from './read-maintenance.ts'
import { readDelete, readInsert, readTruncate, readUpdate } from './read-rows.ts'

/** Everything that a text of SQL does, in its order; what is not known to matter is left out. */
export function actionsOf(sql: string, dialect: Dialect): Action[] {
  return splitTokens(tokensOf(sql, dialect)).flatMap((tokens) => readStatement(tokens, dialect))
}

/** Whether what a migration does next may depend on the answer. */
export function isRead(sql: string, dialect: Dialect): boolean {
  return splitTokens(tokensOf(sql, dialect)).some((tokens) => {
    const reader = new TokenReader(tokens, dialect)
    if (reader.isNext('pragma')) return !hasWords(tokens, '=')
    if (hasWords(tokens, 'returning')) return true
    if (reader.isNext('with'))
      return !hasWords(tokens, 'insert') && !hasWords(tokens, 'update') && !hasWords(tokens, 'delete')
    return /^(?:select|values|show|table|describe|desc)$/.test(tokens[0]?.text ?? '')
  })
}

function readStatement(tokens: readonly Token[], dialect: Dialect): Action[] {
  const reader = new TokenReader(tokens, dialect)
  // MariaDB sets variables for one statement.
  if (reader.accept('set', 'statement')) {
    reader.until('for')
    reader.accept('for')
  }
  const inner = reader.accept('with') ? readWith(reader) : []
  return [...inner, ...readVerb(reader)]
}

/** PostgreSQL may write in the parts of a `with`. */
function readWith(reader: TokenReader): Action[] {
  const actions: Action[] = []
  reader.accept('recursive')
  do {
    reader.name()
    if (reader.isNext('(')) reader.group()
    reader.until('(', ',')
    actions.push(...readStatement(reader.group() ?? [], reader.dialect))
  } while (reader.accept(','))
  return actions
}

function readVerb(reader: TokenReader): Action[] {
  const alter = reader.acceptAny(
    'alter table',
    'alter online table',
    'alter ignore table',
    'alter online ignore table',
  )
  if (alter) return readAlterTable(reader, alter.includes('ignore'))
  if (reader.accept('create')) return readCreate(reader)
  if (reader.accept('drop')) return readDrop(reader)
  if (reader.accept('rename', 'table') || reader.accept('rename', 'tables')) return readRenames(reader)
  if (reader.accept('truncate')) return readTruncate(reader)
  if (reader.accept('delete')) return readDelete(reader)
  if (reader.accept('update')) return readUpdate(reader)
  if (reader.isNext('insert') || reader.isNext('replace')) return readInsert(reader)
  return readMaintenance(reader)
}

function readRenames(reader: TokenReader): Action[] {
  return partsOf(reader).flatMap((part): Action[] => {
    part.accept('if', 'exists')
    const table = part.tableName()
    part.until('to')
    part.accept('to')
    const to = part.tableName()
    return table && to ? [{ does: 'rename table', table, to }] : []
  })
}
