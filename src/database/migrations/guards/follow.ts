/** @module Keeps what is known of the tables up with the statements. */

import type { KnownTables } from './known-tables.ts'
import type { Action } from './reading/actions.ts'
import type { Rebuilds } from './rebuilds.ts'

export async function follow(action: Action, tables: KnownTables, rebuilds: Rebuilds): Promise<void> {
  if (!('table' in action) || !action.table) return
  if (action.does === 'create table') return created(action, tables)
  if (action.does === 'rename table') return tables.rename(action.table, action.to)
  if (action.does === 'drop table') return dropped(action, tables, rebuilds)
  const table = await tables.find(action.table)
  if (!table) return
  if (action.does === 'add column') table.add(action.column)
  if (action.does === 'drop column') table.remove(action.column)
  if (action.does === 'rename column') table.change(action.column, { name: action.to })
  if (action.does === 'change type') table.change(action.column, { type: action.type })
  if (action.does === 'set not null') table.change(action.column, { isNullable: false })
  if (action.does === 'fill') table.change(action.column, { isFilled: true })
  if (action.does === 'drop not null') table.change(action.column, { isNullable: true })
  if (action.does === 'redefine column') {
    const { type, isNotNull } = action.definition
    table.change(action.column, { type, isNullable: !isNotNull })
  }
  if (action.does === 'add constraint' && action.notNull !== undefined) {
    if (!action.isNotValid) table.change(action.notNull, { isChecked: true })
    else if (action.name !== undefined) table.checks.set(action.name, action.notNull)
  }
  if (action.does === 'validate constraint') {
    const column = table.checks.get(action.name)
    if (column !== undefined) table.change(column, { isChecked: true })
  }
}

async function created(
  { table: name, columns, isOptional, replaces }: Extract<Action, { does: 'create table' }>,
  tables: KnownTables,
): Promise<void> {
  const table = await tables.find(name)
  // "if not exists" leaves alone what the database says is there.
  if (isOptional && !replaces && table?.facts) return
  tables.create(name, columns)
}

/** The new form of a table is as much in use as the old one. */
async function dropped(
  action: Extract<Action, { does: 'drop table' }>,
  tables: KnownTables,
  rebuilds: Rebuilds,
): Promise<void> {
  const rebuild = rebuilds.of(action)
  const old = await tables.find(action.table)
  const next = rebuild && (await tables.find(rebuild.target))
  if (next && old && next !== old) {
    next.isNew = old.isNew
    next.hasRows = old.hasRows
  }
  tables.drop(action.table)
}
