/** @module Takes a default away while the type of its column changes: PostgreSQL casts the values, and not the default. */
import type { SchemaHelper } from '@mikro-orm/sql'

/** Seam: `SchemaHelper.getPreAlterTable`, which comes before the columns are changed. */
export function castDefaults(helper: SchemaHelper): void {
  const getPreAlterTable = helper.getPreAlterTable.bind(helper)
  helper.getPreAlterTable = (diff, safe) => {
    const changed = Object.values(diff.changedColumns).filter(
      ({ fromColumn, changedProperties }) =>
        changedProperties.has('type') && fromColumn.default != null && !fromColumn.autoincrement,
    )
    // The new one is written behind the type.
    for (const { changedProperties } of changed) changedProperties.add('default')
    const drops = changed.map(
      ({ column: { name } }) =>
        `alter table ${diff.toTable.getQuotedName()} alter column "${name.replaceAll('"', '""')}" drop default`,
    )
    return [...getPreAlterTable(diff, safe), ...drops]
  }
}
