/** @module The schema of a PostgreSQL database, from its catalog. */
import type { Row, RunSql } from '../../../connections/connection.ts'
import { POSTGRES_CATALOG } from './postgres-catalog.ts'
import { SchemaSnapshot, type SnapshotColumn } from './schema-snapshot.ts'

export async function takePostgresSnapshot(run: RunSql): Promise<SchemaSnapshot> {
  const rows = await run(POSTGRES_CATALOG)
  const definitions = rows.map((row) => ({
    type: String(row.type),
    name: row.owner === row.name ? nameIn(row, row.name) : String(row.name),
    table: nameIn(row, row.owner),
    meaning: String(row.meaning),
  }))
  const columns = new Map<string, SnapshotColumn[]>()
  for (const { type, table } of definitions) if (type === 'table') columns.set(table, [])
  for (const row of rows.filter(({ type }) => type === 'column')) {
    columns.get(nameIn(row, row.owner))?.push({ name: String(row.name), isRequired: row.required === true })
  }
  return new SchemaSnapshot(definitions, columns)
}

/** As the ORM names a table: without the schema that is the usual one. */
function nameIn({ type, schema }: Row, name: unknown): string {
  return schema === 'public' || type === 'schema' ? String(name) : `${schema}.${name}`
}
