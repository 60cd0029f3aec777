/** @module What is known of the tables while the statements of a run are read one after another. */
import type { Dialect } from '../../connections/driver.ts'
import type { TableName } from '../sql/token-reader.ts'
import type { Facts } from './facts.ts'
import { KnownTable, knownColumn } from './known-table.ts'
import type { ColumnDefinition } from './reading/actions.ts'

export class KnownTables {
  readonly #dialect: Dialect
  readonly #facts: Facts | undefined
  /** Undefined for a table that is not there. */
  readonly #tables = new Map<string, KnownTable | undefined>()

  /** @param facts without them, every table that nobody has made may have been there */
  constructor(dialect: Dialect, facts: Facts | undefined) {
    this.#dialect = dialect
    this.#facts = facts
  }

  /** Undefined for a table that is known not to be there. */
  async find(name: TableName): Promise<KnownTable | undefined> {
    const key = this.keyOf(name)
    if (this.#tables.has(key)) return this.#tables.get(key)
    const facts = await this.#facts?.table(name)
    const table = this.#facts && !facts ? undefined : new KnownTable(name, facts)
    this.#tables.set(key, table)
    return table
  }

  create(name: TableName, columns: readonly ColumnDefinition[]): void {
    const table = new KnownTable(name, { columns: columns.map(knownColumn), hasRows: false })
    table.isNew = true
    this.#tables.set(this.keyOf(name), table)
  }

  drop(name: TableName): void {
    this.#tables.set(this.keyOf(name), undefined)
  }

  async rename(name: TableName, to: TableName): Promise<void> {
    const table = await this.find(name)
    this.#tables.set(this.keyOf(name), undefined)
    this.#tables.set(this.keyOf(to), table)
  }

  /** Whether rows have no value in a column that allows that; undefined when nobody knows. */
  async hasNulls(table: KnownTable, column: string): Promise<boolean | undefined> {
    const known = table.column(column)
    if (known && (!known.isNullable || known.isFilled)) return false
    if (!table.facts || !this.#facts || known?.source === undefined) return undefined
    return this.#facts.hasNulls(table.source, known.source)
  }

  /** What was made until now is in use from now on. */
  settle(): void {
    for (const table of this.#tables.values()) {
      if (!table) continue
      table.isNew = false
      table.hasRows = undefined
    }
  }

  /** Equal for two ways to write the same name; case matters where the database says so. */
  keyOf({ schema, name }: TableName): string {
    const usual = this.#dialect === 'postgres' ? 'public' : this.#dialect === 'sqlite' ? 'main' : ''
    const key = `${schema ?? this.#facts?.schema ?? usual}.${name}`
    return this.#dialect === 'sqlite' ? key.toLowerCase() : key
  }
}
