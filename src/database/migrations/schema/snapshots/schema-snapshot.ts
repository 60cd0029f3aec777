/** @module What a database has written down of its schema, in a form in which the same meaning is the same text. */

/** A part of the schema: a whole table, or as much of one as the database describes by itself. */
export interface Definition {
  readonly type: string
  readonly name: string
  /** What it belongs to: a table or view, or itself. */
  readonly table: string
  /** Equal when the definitions mean the same. */
  readonly meaning: string
}

export interface SnapshotColumn {
  readonly name: string
  /** Whether a row that does not name it is refused. */
  readonly isRequired: boolean
}

export interface NamedColumn {
  readonly table: string
  readonly column: string
}

const BY_HAND: ReadonlySet<string> = new Set(['view', 'trigger', 'policy'])

export class SchemaSnapshot<D extends Definition = Definition> {
  protected readonly definitions: readonly D[]
  protected readonly columns: ReadonlyMap<string, readonly SnapshotColumn[]>

  constructor(definitions: readonly D[], columns: ReadonlyMap<string, readonly SnapshotColumn[]>) {
    this.definitions = definitions
    this.columns = columns
  }

  /** What the ORM cannot read: it is to be named when it fails. */
  get unreadable(): string[] {
    return []
  }

  /** The tables and views that differ, each named once. */
  differences(other: SchemaSnapshot): string[] {
    const names = new Set([...this.definitions, ...other.definitions].map(({ table }) => table))
    return [...names].filter((name) => this.#meaning(name) !== other.#meaning(name))
  }

  /** What is in this schema that is not in another, or differs there, in words. */
  explain(before: SchemaSnapshot): string[] {
    const [ours, theirs] = [this, before].map((snapshot) => snapshot.#byName())
    const names = [...new Set([...(theirs?.keys() ?? []), ...(ours?.keys() ?? [])])]
    return names.flatMap((name) => {
      const [now, then] = [ours?.get(name), theirs?.get(name)]
      if (now === then) return []
      if (now === undefined) return [`${name} is gone: it was ${then}`]
      return [then === undefined ? `${name} is there: ${now}` : `${name} is ${now}, and was ${then}`]
    })
  }

  ownerOfIndex(index: string): string | undefined {
    const isIt = ({ type, name }: D) => type === 'index' && (name === index || index.endsWith(`.${name}`))
    return this.definitions.find(isIt)?.table
  }

  /** New columns of tables that were there before, whose rows have no value for them. */
  newRequiredColumns(before: SchemaSnapshot): NamedColumn[] {
    return this.#newColumns(before).filter(({ isRequired }) => isRequired)
  }

  /** Columns that are gone from tables that are still there. */
  lostColumns(before: SchemaSnapshot): (NamedColumn & SnapshotColumn)[] {
    return before.#newColumns(this)
  }

  lostTables(before: SchemaSnapshot): string[] {
    return [...before.columns.keys()].filter((table) => !this.columns.has(table))
  }

  /** What people make by hand, and what goes because no model has it; not what goes with its table. */
  lostByHand(before: SchemaSnapshot): string[] {
    const ours = this.#byName()
    return before.definitions
      .filter(({ type, name, table }) => BY_HAND.has(type) && (name === table || this.columns.has(table)))
      .map(nameOf)
      .filter((name) => !ours.has(name))
  }

  /** The statements that make this schema of another one, where they are known. */
  statementsFrom(_other: SchemaSnapshot): string[] | undefined {
    return undefined
  }

  #newColumns(before: SchemaSnapshot): (NamedColumn & SnapshotColumn)[] {
    return [...this.columns].flatMap(([table, columns]) => {
      const known = before.columns.get(table)?.map(({ name }) => name)
      if (!known) return []
      const added = columns.filter(({ name }) => !known.includes(name))
      return added.map((column) => ({ ...column, table, column: column.name }))
    })
  }

  #meaning(table: string): string {
    const definitions = this.definitions.filter((definition) => definition.table === table)
    return definitions
      .map(({ type, name, meaning }) => `${type} ${name}: ${meaning}`)
      .sort()
      .join('\n')
  }

  #byName(): Map<string, string> {
    return new Map(this.definitions.map((definition) => [nameOf(definition), definition.meaning]))
  }
}

function nameOf({ type, name, table }: Definition): string {
  return table === name ? `${type} "${name}"` : `${type} "${name}" of "${table}"`
}
