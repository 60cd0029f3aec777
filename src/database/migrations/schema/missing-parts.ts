/** @module What the models ask for and a database does not have: nothing is dropped, nothing that is there changes. */
import type { DatabaseSchema, SchemaComparator, TableDifference } from '@mikro-orm/sql'
import type { Connection } from '../../connections/connection.ts'
import { comparatorOf, generatorOf, statementsOf } from './compare-schemas.ts'
import { TEMPORARY } from './sql.ts'

type SchemaDifference = ReturnType<SchemaComparator['compare']>

export interface MissingColumn {
  readonly table: string
  readonly schema: string | undefined
  readonly name: string
  /** Rows that are there would have nothing in it. */
  readonly isRequired: boolean
}

export interface MissingParts {
  readonly statements: readonly string[]
  /** Of tables that are there. */
  readonly columns: readonly MissingColumn[]
  /** Columns that the models do not have, of tables that would have to be built again without them. */
  readonly lost: readonly string[]
}

export function missingParts(connection: Connection, from: DatabaseSchema, to: DatabaseSchema): MissingParts {
  const { driver, orm } = connection
  const difference = comparatorOf(orm).compare(from, to)
  const tables = Object.values(difference.changedTables)
  const removed = tables.map((table) => ({
    table: table.toTable.name,
    columns: namesOf(table.removedColumns),
  }))
  const columns = tables.flatMap(columnsOf)
  keepMissing(difference)
  const sql = generatorOf(orm).diffToSQL(difference, { wrap: false, safe: true, dropTables: false })
  const statements = statementsOf(sql, driver.dialect)
  const isRebuilt = (table: string) => statements.some((text) => text.includes(`${table}${TEMPORARY}`))
  const lost = removed.flatMap(({ table, columns: names }) =>
    isRebuilt(table) ? names.map((name) => `${table}.${name}`) : [],
  )
  return { statements, columns, lost }
}

function columnsOf({ toTable, addedColumns }: TableDifference): MissingColumn[] {
  return Object.values(addedColumns).map((column) => {
    const isFilled = column.nullable || column.autoincrement || column.generated || column.default != null
    return { table: toTable.name, schema: toTable.schema, name: column.name, isRequired: !isFilled }
  })
}

function keepMissing(difference: SchemaDifference): void {
  Object.assign(difference, {
    removedTables: {},
    removedViews: {},
    changedViews: {},
    orphanedForeignKeys: [],
  })
  Object.assign(difference, { removedRoutines: {}, changedRoutines: {}, removedNativeEnums: [] })
  Object.assign(difference, { removedNamespaces: new Set() })
  for (const [name, table] of Object.entries(difference.changedTables)) {
    for (const key of Object.keys(table)) if (/^(changed|removed|renamed)/.test(key)) clear(table, key)
    if (!Object.entries(table).some(([key, part]) => key.startsWith('added') && namesOf(part).length > 0))
      delete difference.changedTables[name]
  }
}

/** Some are lists by name, the others values that stand for one change. */
function clear(table: TableDifference, key: string): void {
  const isList = typeof Reflect.get(table, key) === 'object' && key !== 'changedPartitioning'
  Reflect.set(table, key, isList ? {} : undefined)
}

function namesOf(list: object): string[] {
  return Object.keys(list)
}
