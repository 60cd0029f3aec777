/** @module Rebuilds a table that loses a foreign key: SQLite drops no rule of a table, and no column that has one. */
import type { SchemaHelper } from '@mikro-orm/sql'

/**
 * Seam: `SchemaHelper.alterTable`, which rebuilds a table whose foreign keys change. One that goes is forgotten, and its
 * column cannot be dropped.
 */
export function rebuildWithoutForeignKeys(helper: SchemaHelper): void {
  const alterTable = helper.alterTable.bind(helper)
  helper.alterTable = (diff, safe) => {
    const changedForeignKeys = { ...diff.changedForeignKeys, ...diff.removedForeignKeys }
    return alterTable({ ...diff, changedForeignKeys }, safe)
  }
}
