/** @module What is known of one table. */

import type { TableName } from '../sql/token-reader.ts'
import type { ColumnFacts, TableFacts } from './facts.ts'
import type { ColumnDefinition } from './reading/actions.ts'

export interface KnownColumn extends ColumnFacts {
  /** Whether the run has given every row a value. */
  readonly isFilled?: boolean
  /** What it is called in the database; undefined for a column that is not there yet. */
  readonly source?: string | undefined
}

export class KnownTable {
  /** What it is called in the database. */
  readonly source: TableName
  readonly facts: TableFacts | undefined
  /** Undefined when nobody knows. */
  hasRows: boolean | undefined
  /** Whether the run has made it: then nobody uses it yet. */
  isNew = false
  /** Of checks that are not validated yet: the column that each keeps from being null. */
  readonly checks = new Map<string, string>()
  /** Undefined when nobody knows. */
  readonly #columns: Map<string, KnownColumn> | undefined

  constructor(source: TableName, facts: TableFacts | undefined) {
    this.source = source
    this.facts = facts
    this.hasRows = facts?.hasRows
    this.#columns =
      facts &&
      new Map(facts.columns.map((column) => [keyOf(column.name), { ...column, source: column.name }]))
  }

  /** Whether what is done to its rows, or keeps others from them, matters. */
  get isInUse(): boolean {
    return !this.isNew && this.hasRows !== false
  }

  get columns(): readonly KnownColumn[] {
    return [...(this.#columns?.values() ?? [])]
  }

  column(name: string): KnownColumn | undefined {
    return this.#columns?.get(keyOf(name))
  }

  change(name: string, change: Partial<KnownColumn>): void {
    const column = this.column(name)
    if (!column) return
    this.remove(name)
    const changed = { ...column, ...change }
    this.#columns?.set(keyOf(changed.name), changed)
  }

  add(definition: ColumnDefinition): void {
    this.#columns?.set(keyOf(definition.name), knownColumn(definition))
  }

  remove(column: string): void {
    this.#columns?.delete(keyOf(column))
  }
}

export function knownColumn({ name, type, isNotNull }: ColumnDefinition): KnownColumn {
  return { name, type, isNullable: !isNotNull, isChecked: false }
}

/** Columns that differ in capitals only are rare, and a wrong guess costs a warning. */
function keyOf(column: string): string {
  return column.toLowerCase()
}
