/** @module Reads the actions of an `alter table` that are about the whole of it. */

import type { TableName, TokenReader } from '../../sql/token-reader.ts'
import type { Action } from './actions.ts'

/** Every character of every language fits. */
const WHOLE_CHARSETS = new Set(['utf8mb4', 'utf16', 'utf32'])

export function readOption(table: TableName, reader: TokenReader): Action[] {
  return reader.dialect === 'postgres'
    ? readPostgres(table, reader)
    : reader.dialect === 'mysql'
      ? readMysql(table, reader)
      : []
}

function readPostgres(table: TableName, reader: TokenReader): Action[] {
  if (reader.accept('set', 'schema')) {
    const schema = reader.name()
    return schema === undefined ? [] : [{ does: 'rename table', table, to: { schema, name: table.name } }]
  }
  const rewriting = reader.acceptAny('set logged', 'set unlogged', 'set tablespace', 'set access method')
  return rewriting ? [lock(table, `"${rewriting}" writes the whole table anew`)] : []
}

function readMysql(table: TableName, reader: TokenReader): Action[] {
  if (reader.accept('convert', 'to')) {
    reader.acceptAny('character set', 'charset')
    const charset = reader.name() ?? ''
    const copies = lock(table, 'Another character set writes the whole table anew')
    if (WHOLE_CHARSETS.has(charset.toLowerCase())) return [copies]
    return [copies, { does: 'discard', table, what: `characters that ${charset} does not have` }]
  }
  if (reader.accept('truncate', 'partition'))
    return [{ does: 'discard', table, what: 'the rows of a partition' }]
  if (reader.accept('discard', 'tablespace'))
    return [{ does: 'discard', table, what: 'all that is in its tablespace' }]
  if (reader.accept('order', 'by')) return [lock(table, 'Ordering copies the table')]
  if (reader.accept('partition', 'by')) return [lock(table, 'Partitioning copies the table')]
  if (reader.accept('remove', 'partitioning'))
    return [lock(table, 'Removing the partitions copies the table')]
  return asked(table, reader)
}

/** What the statement itself asks for. */
function asked(table: TableName, reader: TokenReader): Action[] {
  const option = reader.acceptAny('algorithm', 'lock', 'engine')
  if (!option) return []
  reader.accept('=')
  const value = reader.name()?.toLowerCase()
  if (option === 'algorithm' && value === 'copy') return [lock(table, '"algorithm = copy" copies the table')]
  if (option === 'lock' && (value === 'shared' || value === 'exclusive'))
    return [lock(table, `"lock = ${value}" is asked for`)]
  return []
}

function lock(table: TableName, what: string): Action {
  return { does: 'lock', table, what, safer: undefined }
}
