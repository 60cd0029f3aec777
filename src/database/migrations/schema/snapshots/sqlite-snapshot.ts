/** @module The schema of an SQLite database as it was written down, and the way back to it. */
import type { RunSql } from '../../../connections/connection.ts'
import { quoteName } from '../../sql/quote-name.ts'
import { isReadable, TEMPORARY } from '../sql.ts'
import { normalizeDefinition } from './normalize-definition.ts'
import { type Definition, SchemaSnapshot, type SnapshotColumn } from './schema-snapshot.ts'

const NAME_OF_TABLE = /^create table\s+(?:if not exists\s+)?(?:"(?:[^"]|"")*"|`(?:[^`]|``)*`|[^\s(]+)/i

const quote = (name: string) => quoteName(name, 'sqlite')

interface WrittenDefinition extends Definition {
  readonly sql: string
}

export class SqliteSnapshot extends SchemaSnapshot<WrittenDefinition> {
  static async take(run: RunSql): Promise<SqliteSnapshot> {
    const rows = await run(
      `select type, name, tbl_name, sql from sqlite_master where sql is not null
        and name not like 'sqlite\\_%' escape '\\' and tbl_name not like 'limber\\_migration%' escape '\\' order by rowid`,
    )
    const definitions = rows.map((row) => {
      const sql = String(row.sql)
      const names = { type: String(row.type), name: String(row.name), table: String(row.tbl_name) }
      return { ...names, sql, meaning: normalizeDefinition(sql) }
    })
    const columns = new Map<string, SnapshotColumn[]>()
    for (const { name } of definitions.filter(({ type }) => type === 'table')) {
      columns.set(name, await columnsOf(run, name))
    }
    return new SqliteSnapshot(definitions, columns)
  }

  override get unreadable(): string[] {
    const isOdd = ({ name, meaning }: Definition) => !isReadable(name) || / virtual table /.test(meaning)
    return this.definitions.filter(isOdd).map(({ name }) => name)
  }

  /** Rows stay in the columns that both have. */
  override statementsFrom(other: SchemaSnapshot): string[] {
    // Both are of one database.
    const before = other as SqliteSnapshot
    const differing = this.differences(before)
    const [ours = [], theirs = []] = [this, before].map((snapshot) =>
      snapshot.definitions.filter(({ table }) => differing.includes(table)),
    )
    const isRebuilt = (table: string) => !theirs.some((d) => d.name === table && same(d, ours))
    const gone = theirs.filter((d) => !same(d, ours) && (isLoose(d) || !this.columns.has(d.name)))
    return [
      ...gone.toSorted(viewsFirst).map(({ type, name }) => `drop ${type} ${quote(name)}`),
      ...ours.filter((d) => d.type === 'table' && isRebuilt(d.name)).flatMap((d) => this.#make(d, before)),
      ...ours
        .filter((d) => d.type !== 'table' && (isRebuilt(d.table) || !same(d, theirs)))
        .map(({ sql }) => sql),
    ]
  }

  #make({ name, sql }: WrittenDefinition, other: SqliteSnapshot): string[] {
    const existing = other.columns.get(name)?.map((column) => column.name)
    if (!existing) return [sql]
    const temporary = quote(`${name}${TEMPORARY}`)
    const shared = (this.columns.get(name) ?? [])
      .filter((column) => existing.includes(column.name))
      .map((column) => quote(column.name))
      .join(', ')
    return [
      sql.replace(NAME_OF_TABLE, () => `create table ${temporary}`),
      ...(shared ? [`insert into ${temporary} (${shared}) select ${shared} from ${quote(name)}`] : []),
      `drop table ${quote(name)}`,
      `alter table ${temporary} rename to ${quote(name)}`,
    ]
  }
}

async function columnsOf(run: RunSql, table: string): Promise<SnapshotColumn[]> {
  const rows = await run('select name, "notnull", dflt_value, pk, hidden from pragma_table_xinfo(?)', [table])
  // What is generated cannot be written.
  return rows
    .filter((row) => Number(row.hidden) === 0)
    .map((row) => ({
      name: String(row.name),
      isRequired: Number(row.notnull) === 1 && row.dflt_value === null && Number(row.pk) === 0,
    }))
}

function same(definition: Definition, others: readonly Definition[]): boolean {
  return others.some(({ type, meaning }) => type === definition.type && meaning === definition.meaning)
}

function isLoose({ type }: Definition): boolean {
  return type !== 'table'
}

function viewsFirst(a: Definition, b: Definition): number {
  return order(a) - order(b)
}

function order({ type }: Definition): number {
  return ['view', 'trigger', 'index', 'table'].indexOf(type)
}
