/** @module The table that remembers how far a migration got whose statements are committed one by one. */
import type { Connection, RunSql } from '../../connections/connection.ts'

export const PROGRESS_TABLE = 'limber_migration_progress'

/** The statements of a migration have no name; each of its batch loops has one. */
const STATEMENTS = ''

export type Direction = 'up' | 'down'

/** How far a batch loop got. */
export interface BatchPosition {
  readonly rows: number
  /** The key of the last row. */
  readonly last: string | number | undefined
  readonly isOver: boolean
}

/** How far a migration got. */
export interface Progress {
  readonly direction: Direction
  /** The text of each statement that was carried out. */
  readonly done: readonly string[]
  /** A statement that was begun and cannot be in one transaction with this note. */
  readonly started: string | undefined
  readonly batches: ReadonlyMap<string, BatchPosition>
}

export class ProgressTable {
  readonly #run: RunSql

  constructor(run: RunSql) {
    this.#run = run
  }

  /** Reading must not write: without the table, nothing was interrupted. */
  static async read(connection: Connection, run: RunSql): Promise<ReadonlyMap<string, Progress>> {
    return (await connection.hasTable(run, PROGRESS_TABLE)) ? new ProgressTable(run).all() : new Map()
  }

  async create(connection: Connection): Promise<void> {
    const text = connection.driver.dialect === 'mysql' ? 'longtext' : 'text'
    if (await connection.hasTable(this.#run, PROGRESS_TABLE)) return
    await this.#run(
      `create table if not exists ${PROGRESS_TABLE} (name varchar(255) not null, part varchar(100) not null, direction varchar(4) not null, done ${text} not null, started ${text} null, primary key (name, part))`,
    )
  }

  async all(): Promise<Map<string, Progress>> {
    const rows = await this.#run(`select * from ${PROGRESS_TABLE} order by name, part`)
    const groups = Map.groupBy(rows, (row) => String(row.name))
    return new Map([...groups].map(([name, group]) => [name, progressOf(group)]))
  }

  async of(name: string): Promise<Progress | undefined> {
    const rows = await this.#run(`select * from ${PROGRESS_TABLE} where name = ?`, [name])
    return rows.length > 0 ? progressOf(rows) : undefined
  }

  note(name: string, direction: Direction, done: readonly string[], started?: string): Promise<void> {
    return this.#write(name, STATEMENTS, direction, done, started)
  }

  noteBatch(name: string, direction: Direction, loop: string, position: BatchPosition): Promise<void> {
    return this.#write(name, loop, direction, position)
  }

  async forget(name: string): Promise<void> {
    await this.#run(`delete from ${PROGRESS_TABLE} where name = ?`, [name])
  }

  async #write(
    name: string,
    part: string,
    direction: Direction,
    done: unknown,
    started?: string,
  ): Promise<void> {
    const values = [direction, JSON.stringify(done), started ?? null, name, part]
    const [found] = await this.#run(`select 1 from ${PROGRESS_TABLE} where name = ? and part = ?`, [
      name,
      part,
    ])
    await this.#run(
      found
        ? `update ${PROGRESS_TABLE} set direction = ?, done = ?, started = ? where name = ? and part = ?`
        : `insert into ${PROGRESS_TABLE} (direction, done, started, name, part) values (?, ?, ?, ?, ?)`,
      values,
    )
  }
}

function progressOf(rows: readonly Readonly<Record<string, unknown>>[]): Progress {
  const statements = rows.find(({ part }) => part === STATEMENTS)
  const loops = rows.filter(({ part }) => part !== STATEMENTS)
  return {
    direction: rows[0]?.direction === 'down' ? 'down' : 'up',
    // Only this class writes these columns.
    done: statements ? (JSON.parse(String(statements.done)) as string[]) : [],
    started: statements?.started == null ? undefined : String(statements.started),
    batches: new Map(
      loops.map(({ part, done }) => [String(part), JSON.parse(String(done)) as BatchPosition]),
    ),
  }
}
