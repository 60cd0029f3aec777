/** @module Reads what keeps others away without being a change, and what the preview cannot look into. */

import { hasWords, type TableName, type TokenReader } from '../../sql/token-reader.ts'
import type { Action } from './actions.ts'

export function readMaintenance(reader: TokenReader): Action[] {
  if (reader.dialect === 'postgres') return readPostgres(reader)
  if (reader.dialect === 'mysql') return readMysql(reader)
  return []
}

function readPostgres(reader: TokenReader): Action[] {
  if (reader.accept('vacuum')) return readVacuum(reader)
  if (reader.accept('cluster')) return lock(reader.tableName(), '"cluster" writes the whole table anew')
  if (reader.accept('reindex')) return readReindex(reader)
  if (reader.accept('lock')) {
    reader.accept('table')
    return reader.tableNames().flatMap((table) => lock(table, 'The table is locked until the migration ends'))
  }
  if (reader.accept('refresh', 'materialized', 'view')) {
    if (reader.accept('concurrently')) return []
    return lock(
      reader.tableName(),
      'Nobody reads the view while it is made anew',
      'refresh materialized view concurrently',
    )
  }
  if (reader.accept('do')) return [note('What the block does is not looked into: read it.')]
  if (reader.accept('call')) return [note('What the procedure does is not looked into: read it.')]
  return []
}

function readVacuum(reader: TokenReader): Action[] {
  const options = reader.group()
  const isFull = options
    ? hasWords(options, 'full') && !hasWords(options, 'full', 'false')
    : reader.accept('full')
  if (!isFull) return []
  reader.acceptAny('freeze', 'verbose', 'analyze')
  return lock(
    reader.tableName(),
    '"vacuum full" writes the whole table anew',
    'plain vacuum, which locks nobody out',
  )
}

function readReindex(reader: TokenReader): Action[] {
  const options = reader.group()
  const what = reader.acceptAny('table', 'index', 'schema', 'database', 'system')
  if (reader.accept('concurrently') || (options && hasWords(options, 'concurrently'))) return []
  const table = reader.tableName()
  const safer = 'reindex … concurrently, in a migration with "static override transaction = false"'
  return lock(what === 'table' ? table : undefined, 'The indexes are built anew', safer)
}

function readMysql(reader: TokenReader): Action[] {
  if (reader.accept('lock', 'table') || reader.accept('lock', 'tables'))
    return lock(reader.tableName(), 'The table is locked')
  if (reader.accept('call')) return [note('What the procedure does is not looked into: read it.')]
  if (reader.accept('execute')) return [note('What is executed is not looked into: read it.')]
  return []
}

function lock(table: TableName | undefined, what: string, safer?: string): Action[] {
  return [{ does: 'lock', table, what, safer }]
}

function note(what: string): Action {
  return { does: 'note', what }
}
