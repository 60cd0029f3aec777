/** @module What a database says about a table before a migration changes it. */
import type { RunSql } from '../../connections/connection.ts'
import type { Dialect } from '../../connections/driver.ts'
import { quoteName } from '../sql/quote-name.ts'
import type { TableName } from '../sql/token-reader.ts'
import type { SqlType } from './reading/actions.ts'
import { parseType } from './reading/read-column.ts'

export interface ColumnFacts {
  readonly name: string
  readonly type: SqlType | undefined
  readonly isNullable: boolean
  /** Whether a check that holds for every row says that it is never null. */
  readonly isChecked: boolean
}

export interface TableFacts {
  readonly columns: readonly ColumnFacts[]
  readonly hasRows: boolean
}

/** Looks at tables; gives undefined for one that is not there. */
export interface Facts {
  /** Where names without a schema are, if it is not the usual one. */
  readonly schema?: string | undefined
  table(name: TableName): Promise<TableFacts | undefined>
  /** Whether a row has no value in a column that is there. */
  hasNulls(name: TableName, column: string): Promise<boolean>
}

interface CatalogQuery {
  readonly sql: string
  parameters(name: TableName, quoted: string): unknown[]
}

const CATALOGS: Readonly<Record<Dialect, CatalogQuery>> = {
  sqlite: {
    sql: `select c.name as name, c.type as type, c."notnull" = 0 and c.pk = 0 as nullable, 0 as checked
      from sqlite_master t, pragma_table_xinfo(t.name) c where t.type = 'table' and t.name = ? collate nocase`,
    parameters: ({ name }) => [name],
  },
  postgres: {
    sql: `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable,
      exists (select 1 from pg_constraint k where k.conrelid = a.attrelid and k.contype = 'c' and k.convalidated
        and pg_get_expr(k.conbin, k.conrelid) = '(' || quote_ident(a.attname) || ' IS NOT NULL)') as checked
      from pg_attribute a join pg_class t on t.oid = a.attrelid
      where t.oid = to_regclass(?) and t.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    parameters: (_name, quoted) => [quoted],
  },
  mysql: {
    sql: `select c.column_name as name, c.column_type as type, c.is_nullable = 'YES' as nullable, 0 as checked
      from information_schema.columns c join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
      where t.table_type in ('BASE TABLE', 'SYSTEM VERSIONED') and c.table_schema = coalesce(?, schema()) and c.table_name = ? order by c.ordinal_position`,
    parameters: ({ schema, name }) => [schema ?? null, name],
  },
}

/** Reads them from the catalog of a database. Nothing is written. */
export function factsOf(run: RunSql, dialect: Dialect, schema?: string): Facts {
  const { sql, parameters } = CATALOGS[dialect]
  const quote = (name: string) => quoteName(name, dialect)
  const quoteTable = (name: TableName) =>
    [name.schema, name.name].flatMap((part) => (part === undefined ? [] : quote(part))).join('.')
  return {
    schema,
    async hasNulls(name, column) {
      const found = await run(`select 1 from ${quoteTable(name)} where ${quote(column)} is null limit 1`)
      return found.length > 0
    },
    async table(name) {
      const quoted = quoteTable(name)
      const rows = await run(sql, parameters(name, quoted))
      if (rows.length === 0) return undefined
      const columns = rows.map((row) => ({
        name: String(row.name),
        type: parseType(String(row.type), dialect),
        isNullable: isTrue(row.nullable),
        isChecked: isTrue(row.checked),
      }))
      return { columns, hasRows: (await run(`select 1 from ${quoted} limit 1`)).length > 0 }
    },
  }
}

/** Two of the three databases know no truth but numbers. */
function isTrue(value: unknown): boolean {
  return value === true || Number(value) === 1
}
