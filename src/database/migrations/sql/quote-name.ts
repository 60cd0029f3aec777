/** @module Quotes names, so that each of them can be the name of a table or a column. */
import type { Dialect } from '../../connections/driver.ts'

/** SQLite would take a name that it does not know for a text, were it in double quotes. */
export function quoteName(name: string, dialect: Dialect): string {
  const mark = dialect === 'postgres' ? '"' : '`'
  return `${mark}${name.replaceAll(mark, mark + mark)}${mark}`
}
