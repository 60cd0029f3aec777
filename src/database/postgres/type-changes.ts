/** @module Changes the types of columns: defaults are no obstacle, and no text is shortened. */
import type { SchemaHelper } from '@mikro-orm/sql'

/** Everything can be assigned to a text; a cast would shorten what is too long, and an assignment fails. */
const TEXT = /^(?:varchar|character varying|char|character|text)\b/i

/** Seam: `SchemaHelper.castColumn`, which makes values those of the new type. */
export function assignTexts(helper: SchemaHelper): void {
  const castColumn = helper.castColumn.bind(helper)
  helper.castColumn = (name, type) => (TEXT.test(type) ? '' : castColumn(name, type))
}

/**
 * Seam: `SchemaHelper.getPreAlterTable`, which comes before the columns are changed. PostgreSQL casts the values of a column,
 * and not its default: that goes first, and comes back behind the type.
 */
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
