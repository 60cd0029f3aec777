/** @module The table that remembers which migrations are applied, in which run, when, and from which text. */
import { LimberError } from '../../../errors/limber-error.ts'
import type { RunSql } from '../../connections/connection.ts'
import type { Dialect } from '../../connections/driver.ts'
import { LedgerChangedError } from '../errors.ts'
import { compareText, type MigrationNaming } from '../files/migration-naming.ts'
import { quoteName } from '../sql/quote-name.ts'
import { LedgerRefusedError } from './errors.ts'

export const LEDGER_TABLE = 'limber_migrations'

const CHECKSUM_COLUMN: Readonly<Record<Dialect, string>> = {
  sqlite: `select 1 from pragma_table_info('${LEDGER_TABLE}') where name = 'checksum'`,
  postgres: `select 1 from information_schema.columns where table_schema = current_schema() and table_name = '${LEDGER_TABLE}' and column_name = 'checksum'`,
  mysql: `select 1 from information_schema.columns where table_schema = schema() and table_name = '${LEDGER_TABLE}' and column_name = 'checksum'`,
}

export interface LedgerEntry {
  readonly name: string
  /** The run it was applied in: rollback takes back the last one. */
  readonly batch: number
  readonly appliedAt: string
  /** Of the source it was applied from; unknown in ledgers from before. */
  readonly checksum: string | undefined
}

export class Ledger {
  readonly #run: RunSql

  constructor(run: RunSql) {
    this.#run = run
  }

  /**
   * Makes the table, or adds what ledgers from before do not have.
   *
   * @param schema where the dialect has schemas in a database, and it is not the usual one
   * @throws {LedgerRefusedError} for a user without the right to it
   */
  async create(dialect: Dialect, schema?: string): Promise<void> {
    try {
      await this.#create(dialect, schema)
    } catch (error) {
      const isKnown = error instanceof LimberError && !isDenied(error)
      throw isKnown ? error : new LedgerRefusedError(LEDGER_TABLE, error)
    }
  }

  async #create(dialect: Dialect, schema: string | undefined): Promise<void> {
    if (schema) {
      // "if not exists" asks for the right to create schemas also where it exists.
      const found = await this.#run('select 1 from pg_namespace where nspname = ?', [schema])
      if (found.length === 0) await this.#run(`create schema ${quoteName(schema, 'postgres')}`)
    }
    await this.#run(
      `create table if not exists ${LEDGER_TABLE} (name varchar(255) not null primary key, batch integer not null, applied_at varchar(30) not null, checksum varchar(64) null)`,
    )
    const found = await this.#run(CHECKSUM_COLUMN[dialect])
    if (found.length === 0)
      await this.#run(`alter table ${LEDGER_TABLE} add column checksum varchar(64) null`)
  }

  /** Everything applied, in the order it was applied. Of a ledger from before, nothing is changed. */
  async entries(compare: MigrationNaming['compare'] = compareText): Promise<LedgerEntry[]> {
    const rows = await this.#run(`select * from ${LEDGER_TABLE}`)
    const entries = rows.map((row) => ({
      name: String(row.name),
      batch: Number(row.batch),
      appliedAt: String(row.applied_at),
      checksum: row.checksum == null ? undefined : String(row.checksum),
    }))
    return entries.sort((a, b) => a.batch - b.batch || compare(a.name, b.name))
  }

  async add(name: string, batch: number, checksum: string | undefined): Promise<void> {
    const values = [name, batch, new Date().toISOString(), checksum ?? null]
    await this.#run(
      `insert into ${LEDGER_TABLE} (name, batch, applied_at, checksum) values (?, ?, ?, ?)`,
      values,
    )
  }

  async has(name: string): Promise<boolean> {
    const rows = await this.#run(`select name from ${LEDGER_TABLE} where name = ?`, [name])
    return rows.length > 0
  }

  /** @throws {LedgerChangedError} when it is not there */
  async remove(name: string): Promise<void> {
    if (!(await this.has(name))) throw new LedgerChangedError(name, LEDGER_TABLE)
    await this.#run(`delete from ${LEDGER_TABLE} where name = ?`, [name])
  }
}

/** The ORM takes it for a failed connection when MySQL refuses a statement to a user. */
function isDenied({ cause }: LimberError): boolean {
  return cause instanceof Error && Reflect.get(cause, 'errno') === 1142
}
