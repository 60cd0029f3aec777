/** @module The statements that rename, and those that rename back. */
import type { Connection } from '../../../connections/connection.ts'
import { platformOf } from '../compare-schemas.ts'
import type { ModelDifference } from '../model-difference.ts'
import type { Rename } from './find-renames.ts'

export function renameStatements(renames: readonly Rename[], { orm }: Connection): ModelDifference {
  const platform = platformOf(orm)
  const quote = (name: string) => platform.quoteIdentifier(name)
  const up = renames.map(({ table, column, to }) => statement(quote, table, column, to))
  const down = renames.toReversed().map(({ table, column, to }) => {
    if (column !== undefined) return statement(quote, table, to, column)
    const [name = '', schema] = table.split('.').reverse()
    return statement(quote, schema ? `${schema}.${to}` : to, undefined, name)
  })
  return { up, down }
}

function statement(
  quote: (name: string) => string,
  table: string,
  column: string | undefined,
  to: string,
): string {
  const what = column === undefined ? '' : ` column ${quote(column)}`
  return `alter table ${quote(table)} rename${what} to ${quote(to)}`
}
