/** @module How the ORM writes down a schema. */
import type { DatabaseSchema, DatabaseTable } from '@mikro-orm/sql'

type Columns = ReturnType<DatabaseTable['getColumns']>

export interface RecordedTable {
  readonly name: string
  readonly schema?: string
  readonly comment?: string | null
  /** The mapped type is the name of one that comes with the ORM, or nothing. */
  readonly columns: Readonly<
    Record<string, Omit<Columns[number], 'mappedType'> & { readonly mappedType?: string }>
  >
  readonly indexes: ReturnType<DatabaseTable['getIndexes']>
  readonly checks: ReturnType<DatabaseTable['getChecks']>
  readonly triggers: ReturnType<DatabaseTable['getTriggers']>
  readonly policies?: ReturnType<DatabaseTable['getPolicies']>
  readonly foreignKeys: ReturnType<DatabaseTable['getForeignKeys']>
  readonly rlsEnabled?: boolean
  readonly rlsForced?: boolean
}

export interface RecordedTables {
  readonly name: string
  readonly namespaces: readonly string[]
  readonly tables: readonly RecordedTable[]
  readonly views: ReturnType<DatabaseSchema['getViews']>
  readonly nativeEnums: ReturnType<DatabaseSchema['getNativeEnums']>
}
