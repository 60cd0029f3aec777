/** @module Replaces an index in one statement: MySQL refuses to drop one that a foreign key needs, even for a moment. */
import type { SchemaHelper } from '@mikro-orm/sql'

const NAME = '`(?:[^`]|``)+`'
const DROP_INDEX = new RegExp(`^alter table (${NAME}) drop index (${NAME});?$`, 'i')
const ADD_INDEX = new RegExp(
  `^alter table (${NAME}) (add (?:unique |)(?:index )?(${NAME}) [\\s\\S]+?);?$`,
  'i',
)
const DROP_COLUMN = new RegExp(`^alter table ${NAME} drop column `, 'i')

/** Seam: `SchemaHelper.alterTable`, which drops all indexes that change before it adds the new ones. */
export function swapIndexes(helper: SchemaHelper): void {
  const alterTable = helper.alterTable.bind(helper)
  helper.alterTable = (diff, safe) => inOneStatement(alterTable(diff, safe))
}

export function inOneStatement(statements: readonly string[]): string[] {
  const dropped = new Set(statements.flatMap((sql) => keyOf(DROP_INDEX.exec(sql)?.slice(1, 3))))
  const swapped = new Map<string, string>()
  for (const sql of statements) {
    const [, table, clause, index] = ADD_INDEX.exec(sql) ?? []
    const [key] = keyOf([table, index])
    if (key && dropped.has(key)) swapped.set(key, `alter table ${table} drop index ${index}, ${clause};`)
  }
  if (swapped.size === 0) return [...statements]
  const kept = statements.flatMap((sql) => {
    const [drop] = keyOf(DROP_INDEX.exec(sql)?.slice(1, 3))
    if (drop && swapped.has(drop)) return []
    const [, table, , index] = ADD_INDEX.exec(sql) ?? []
    const [add] = keyOf([table, index])
    return [(add && swapped.get(add)) || sql]
  })
  // A column goes when no index is over it any more.
  const isLast = (sql: string) => DROP_COLUMN.test(sql)
  return [...kept.filter((sql) => !isLast(sql)), ...kept.filter(isLast)]
}

function keyOf([table, index]: readonly (string | undefined)[] = []): string[] {
  return table && index ? [`${table}.${index}`] : []
}
