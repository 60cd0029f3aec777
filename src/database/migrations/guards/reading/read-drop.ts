/** @module Reads a `drop`. */

import { hasWords, type TokenReader } from '../../sql/token-reader.ts'
import type { Action } from './actions.ts'

/** Nothing that holds rows. */
const OBJECTS = [
  'materialized view',
  'view',
  'foreign table',
  'type',
  'domain',
  'schema',
  'extension',
  'sequence',
  'function',
  'procedure',
  'trigger',
] as const

/** What `cascade` takes along with these may be a table or a column. */
const HOLDERS = /^(?:type|domain|schema|extension|sequence)$/

/** Behind `drop`. */
export function readDrop(reader: TokenReader): Action[] {
  // That reaches no table that others see.
  if (reader.accept('temporary')) return []
  if (reader.accept('table') || reader.accept('tables')) {
    reader.accept('if', 'exists')
    return reader.tableNames().map((table): Action => ({ does: 'drop table', table }))
  }
  if (reader.dialect === 'mysql' && (reader.isNext('schema') || reader.isNext('database')))
    return discard(reader)
  if (reader.isNext('database') || reader.isNext('owned')) return discard(reader)
  const what = reader.acceptAny(...OBJECTS)
  if (!what) return []
  reader.accept('if', 'exists')
  const name = reader.tableName()?.name ?? ''
  if (hasWords(reader.rest, 'cascade') && HOLDERS.test(what))
    return [
      {
        does: 'discard',
        table: undefined,
        what: `every table and column that depends on the ${what} "${name}"`,
      },
    ]
  return [{ does: 'note', what: `The ${what} "${name}" is dropped: what still uses it fails.` }]
}

function discard(reader: TokenReader): Action[] {
  const what = reader.next()?.text
  reader.accept('if', 'exists')
  const name = reader.rest.map(({ text }) => text).join(' ')
  return [{ does: 'discard', table: undefined, what: `all of the ${what} ${name}` }]
}
