/** @module Gives tables and columns of a recorded schema their new names, as a database does when they are renamed. */
import type { RecordedTable, RecordedTables } from './recorded-tables.ts'
import type { Rename } from './renames/find-renames.ts'

type ForeignKeys = RecordedTable['foreignKeys']
type ForeignKey = ForeignKeys[string]

export function renameRecorded(schema: RecordedTables, renames: readonly Rename[]): RecordedTables {
  let tables = schema.tables
  for (const rename of renames) {
    const { column } = rename
    tables = tables.map((table) =>
      column === undefined ? renameTable(table, rename) : renameColumn(table, rename, column),
    )
  }
  return { ...schema, tables }
}

/** Names may be written with the schema that is the usual one. */
function isSame(name: string, table: string): boolean {
  return name === table || name.endsWith(`.${table}`) || table.endsWith(`.${name}`)
}

function isIn({ name, schema }: RecordedTable, { table }: Rename): boolean {
  return isSame(schema ? `${schema}.${name}` : name, table)
}

function renameTable(table: RecordedTable, rename: Rename): RecordedTable {
  const newName = (name: string) =>
    isSame(name, rename.table) ? name.replace(/[^.]+$/, () => rename.to) : name
  const foreignKeys = eachKey(table.foreignKeys, (key) => ({
    ...key,
    localTableName: newName(key.localTableName),
    referencedTableName: newName(key.referencedTableName),
  }))
  return { ...table, name: isIn(table, rename) ? rename.to : table.name, foreignKeys }
}

function renameColumn(table: RecordedTable, rename: Rename, from: string): RecordedTable {
  const newNames = (names: readonly string[]) => names.map((name) => (name === from ? rename.to : name))
  const isHere = isIn(table, rename)
  const foreignKeys = eachKey(table.foreignKeys, (key) => ({
    ...key,
    columnNames: isHere ? newNames(key.columnNames) : key.columnNames,
    referencedColumnNames: isSame(key.referencedTableName, rename.table)
      ? newNames(key.referencedColumnNames)
      : key.referencedColumnNames,
  }))
  if (!isHere) return { ...table, foreignKeys }
  const columns = Object.entries(table.columns).map(([name, column]) =>
    name === from ? [rename.to, { ...column, name: rename.to }] : [name, column],
  )
  const indexes = table.indexes.map((index) => ({ ...index, columnNames: newNames(index.columnNames) }))
  return { ...table, columns: Object.fromEntries(columns), indexes, foreignKeys }
}

function eachKey(keys: ForeignKeys, change: (key: ForeignKey) => ForeignKey): ForeignKeys {
  return Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, change(key)]))
}
