/** @module Models and rows in plain words: what the databases are compared with. */

export type ColumnType =
  | 'integer'
  | 'bigint'
  | 'double'
  | 'decimal'
  | 'boolean'
  | 'string'
  | 'short'
  | 'text'
  | 'datetime'

export type Cell = number | string | boolean | null
export type Rule = 'cascade' | 'set null' | 'restrict'

export interface Column {
  /** What stays when the column is renamed. */
  readonly identity: number
  name: string
  type: ColumnType
  nullable: boolean
  default?: Cell
  /** A foreign key; it names the identity of a table. */
  relation?: { readonly target: number; rule: Rule }
  /** The column that soft delete adds by itself. */
  readonly isStamp?: true
}

export interface Key {
  /** Identities of columns. */
  readonly columns: readonly number[]
  readonly unique: boolean
}

/** Values by the identity of their column. */
export interface Row {
  readonly id: number
  readonly cells: Record<number, Cell>
}

export interface Table {
  readonly identity: number
  name: string
  columns: Column[]
  keys: Key[]
  rows: Row[]
}

export interface State {
  tables: Table[]
  /** The next identity. */
  next: number
}

export function copyOf(state: State): State {
  return structuredClone(state)
}

export function isSoft({ columns }: Table): boolean {
  return columns.some(({ isStamp }) => isStamp)
}

export function stampOf({ columns }: Table): Column | undefined {
  return columns.find(({ isStamp }) => isStamp)
}

export function tableOf({ tables }: State, identity: number): Table {
  const table = tables.find((each) => each.identity === identity)
  if (!table) throw new Error(`No table ${identity}`)
  return table
}

/** Those that name the table, its own ones left out. */
export function childrenOf({ tables }: State, { identity }: Table): Table[] {
  return tables.filter(
    (table) =>
      table.identity !== identity && table.columns.some(({ relation }) => relation?.target === identity),
  )
}

export function isInKey({ keys }: Table, { identity }: Column): boolean {
  return keys.some(({ columns }) => columns.includes(identity))
}

/** Whether the framework accepts the models: the database must not delete rows of the trash by itself. */
export function isAccepted(state: State): boolean {
  return state.tables
    .filter(isSoft)
    .every(({ columns }) =>
      columns.every(
        ({ relation }) => relation?.rule !== 'cascade' || isSoft(tableOf(state, relation.target)),
      ),
    )
}

/** What a row has in a column that was not there when it was written. */
export function initialCell(column: Column): Cell {
  return column.default ?? null
}

/** Gives the rows that are there what new columns begin with. */
export function fillNewColumns({ tables }: State): void {
  for (const { columns, rows } of tables) {
    for (const { cells } of rows)
      for (const each of columns)
        if (cells[each.identity] === undefined) cells[each.identity] = initialCell(each)
  }
}

/** The rows after `after` was taken back: what it had dropped is there again, and empty. */
export function takenBack(before: State, after: State): State {
  const state = copyOf(before)
  for (const table of state.tables) {
    const kept = after.tables.find(({ identity }) => identity === table.identity)
    if (!kept) table.rows = []
    const lost = table.columns.filter((column) =>
      kept?.columns.every(({ identity }) => identity !== column.identity),
    )
    for (const row of table.rows) for (const column of lost) row.cells[column.identity] = initialCell(column)
  }
  return state
}
