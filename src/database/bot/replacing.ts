/** @module The end of an insert that replaces what is there. */
import type { Dialect } from '../connections/driver.ts'

/**
 * Has an insert write these columns of the row that has its key already.
 *
 * @param key the columns of the primary key, with commas between; quoted
 */
export function replacing(dialect: Dialect, key: string, columns: readonly string[]): string {
  const set = (given: (column: string) => string) =>
    columns.map((column) => `${column} = ${given(column)}`).join(', ')
  return dialect === 'mysql'
    ? `on duplicate key update ${set((column) => `values(${column})`)}`
    : `on conflict (${key}) do update set ${set((column) => `excluded.${column}`)}`
}
