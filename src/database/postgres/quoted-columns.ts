/**
 * @module Reads indexes over columns whose names PostgreSQL writes in quotes: the ORM takes such a name for an expression,
 * and of an index over expressions it compares the name alone.
 */
import { type IndexDef, PostgreSqlSchemaHelper, type SchemaHelper } from '@mikro-orm/sql'

/** Indexes over columns alone, in the usual way, with these as they are called. */
const PLAIN = `select n.nspname as schema, t.relname as table, i.relname as name, x.indnkeyatts as keys,
    array(
      select a.attname::text from unnest(x.indkey) with ordinality k(number, place)
      join pg_attribute a on a.attrelid = x.indrelid and a.attnum = k.number order by k.place
    ) as columns,
    pg_get_expr(x.indpred, x.indrelid, true) as condition
  from pg_index x join pg_class i on i.oid = x.indexrelid
  join pg_class t on t.oid = x.indrelid join pg_namespace n on n.oid = t.relnamespace
  where x.indexprs is null
    and not exists (select from pg_opclass o where o.oid = any(x.indclass) and not o.opcdefault)
    and n.nspname in `

interface PlainIndex {
  readonly schema: string
  readonly table: string
  readonly name: string
  /** How many of the columns are its key; the others are only stored in it. */
  readonly keys: number
  readonly columns: readonly string[]
  readonly condition: string | null
}

/** Seam: `PostgreSqlSchemaHelper.getAllIndexes`, whose answer is by `schema.table`. */
export function readQuotedColumns(helper: SchemaHelper): void {
  if (!(helper instanceof PostgreSqlSchemaHelper)) return
  const getAllIndexes = helper.getAllIndexes.bind(helper)
  helper.getAllIndexes = async (connection, tables, ctx) => {
    const indexes = await getAllIndexes(connection, tables, ctx)
    const hasExpressions = Object.values(indexes).some((all) =>
      all.some(({ expression }) => expression !== undefined),
    )
    if (!hasExpressions) return indexes
    const schemas = [...new Set(tables.map(({ schema_name }) => schema_name))]
    const sql = `${PLAIN}(${schemas.map(() => '?').join(', ')})`
    for (const plain of await connection.execute<PlainIndex[]>(sql, schemas, 'all', ctx)) {
      const index = indexes[`${plain.schema}.${plain.table}`]?.find(({ keyName }) => keyName === plain.name)
      if (index?.expression !== undefined) respell(index, plain)
    }
    return indexes
  }
}

function respell(index: IndexDef, { keys, columns, condition }: PlainIndex): void {
  const [names, stored] = [columns.slice(0, keys), columns.slice(keys)]
  delete index.expression
  index.columnNames = names
  index.composite = names.length > 1
  if (index.columns) index.columns = names.map((name, at) => ({ ...index.columns?.[at], name }))
  if (stored.length > 0) index.include = stored
  if (condition !== null) index.where = condition
}
