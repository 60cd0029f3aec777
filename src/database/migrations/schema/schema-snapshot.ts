/** @module The schema of an SQLite database as it was written down, and the way back to it. */
import type { RunSql } from '../../connections/connection.ts'
import { LEDGER_TABLE } from '../run/ledger.ts'
import { isReadable, normalizeDefinition, quoteName, TEMPORARY } from './sql.ts'

const NAME_OF_TABLE = /^create table\s+(?:if not exists\s+)?(?:"(?:[^"]|"")*"|`(?:[^`]|``)*`|[^\s(]+)/i

interface Definition {
  readonly type: string
  readonly name: string
  readonly table: string
  readonly sql: string
  /** Equal when the definitions mean the same. */
  readonly meaning: string
}

interface Column {
  readonly name: string
  /** Whether a row that does not name it is refused. */
  readonly isRequired: boolean
}

export interface NamedColumn {
  readonly table: string
  readonly column: string
}

export class SchemaSnapshot {
  readonly #definitions: readonly Definition[]
  readonly #columns: ReadonlyMap<string, readonly Column[]>

  private constructor(definitions: readonly Definition[], columns: ReadonlyMap<string, readonly Column[]>) {
    this.#definitions = definitions
    this.#columns = columns
  }

  static async take(run: RunSql): Promise<SchemaSnapshot> {
    const rows = await run(
      "select type, name, tbl_name, sql from sqlite_master where sql is not null and name not like 'sqlite\\_%' escape '\\' and tbl_name <> ? order by rowid",
      [LEDGER_TABLE],
    )
    const definitions = rows.map((row) => {
      const sql = String(row.sql)
      const names = { type: String(row.type), name: String(row.name), table: String(row.tbl_name) }
      return { ...names, sql, meaning: normalizeDefinition(sql) }
    })
    const columns = new Map<string, Column[]>()
    for (const { name } of definitions.filter(({ type }) => type === 'table')) {
      columns.set(name, await columnsOf(run, name))
    }
    return new SchemaSnapshot(definitions, columns)
  }

  /** What the ORM cannot read: it is to be named when it fails. */
  get unreadable(): string[] {
    const isOdd = ({ name, meaning }: Definition) => !isReadable(name) || / virtual table /.test(meaning)
    return this.#definitions.filter(isOdd).map(({ name }) => name)
  }

  /** The tables and views that differ, each named once. */
  differences(other: SchemaSnapshot): string[] {
    const names = new Set([...this.#definitions, ...other.#definitions].map(({ table }) => table))
    return [...names].filter((name) => this.#meaning(name) !== other.#meaning(name))
  }

  ownerOfIndex(index: string): string | undefined {
    return this.#definitions.find(({ type, name }) => type === 'index' && name === index)?.table
  }

  /** New columns of tables that were there before, whose rows have no value for them. */
  newRequiredColumns(before: SchemaSnapshot): NamedColumn[] {
    return this.#newColumns(before).filter(({ isRequired }) => isRequired)
  }

  /** Columns that are gone from tables that have new ones: perhaps they were meant to be renamed. */
  replacedColumns(before: SchemaSnapshot): NamedColumn[] {
    const gaining = new Set(this.#newColumns(before).map(({ table }) => table))
    return before.#newColumns(this).filter(({ table }) => gaining.has(table))
  }

  #newColumns(before: SchemaSnapshot): (NamedColumn & Column)[] {
    return [...this.#columns].flatMap(([table, columns]) => {
      const known = before.#columns.get(table)?.map(({ name }) => name)
      if (!known) return []
      const added = columns.filter(({ name }) => !known.includes(name))
      return added.map((column) => ({ ...column, table, column: column.name }))
    })
  }

  /** The statements that make this schema of another one. Rows stay in the columns that both have. */
  statementsFrom(other: SchemaSnapshot): string[] {
    const differing = this.differences(other)
    const [ours, theirs] = [this, other].map((snapshot) =>
      snapshot.#definitions.filter(({ table }) => differing.includes(table)),
    )
    const isRebuilt = (table: string) => !theirs?.some((d) => d.name === table && same(d, ours ?? []))
    const gone = (theirs ?? []).filter(
      (d) => !same(d, ours ?? []) && (isLoose(d) || !this.#columns.has(d.name)),
    )
    return [
      ...gone.toSorted(viewsFirst).map(({ type, name }) => `drop ${type} ${quoteName(name)}`),
      ...(ours ?? [])
        .filter((d) => d.type === 'table' && isRebuilt(d.name))
        .flatMap((d) => this.#make(d, other)),
      ...(ours ?? [])
        .filter((d) => d.type !== 'table' && (isRebuilt(d.table) || !same(d, theirs ?? [])))
        .map(({ sql }) => sql),
    ]
  }

  #make({ name, sql }: Definition, other: SchemaSnapshot): string[] {
    const existing = other.#columns.get(name)?.map((column) => column.name)
    if (!existing) return [sql]
    const temporary = quoteName(`${name}${TEMPORARY}`)
    const shared = (this.#columns.get(name) ?? [])
      .filter((column) => existing.includes(column.name))
      .map((column) => quoteName(column.name))
      .join(', ')
    return [
      sql.replace(NAME_OF_TABLE, () => `create table ${temporary}`),
      ...(shared ? [`insert into ${temporary} (${shared}) select ${shared} from ${quoteName(name)}`] : []),
      `drop table ${quoteName(name)}`,
      `alter table ${temporary} rename to ${quoteName(name)}`,
    ]
  }

  #meaning(table: string): string {
    const definitions = this.#definitions.filter((definition) => definition.table === table)
    return definitions
      .map(({ meaning }) => meaning)
      .sort()
      .join('\n')
  }
}

async function columnsOf(run: RunSql, table: string): Promise<Column[]> {
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
