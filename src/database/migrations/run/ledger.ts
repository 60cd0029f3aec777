/** @module The table that remembers which migrations are applied, in which run, and when. */
import type { RunSql } from '../../connections/connection.ts'
import { LedgerChangedError } from '../errors.ts'

export const LEDGER_TABLE = 'limber_migrations'

export interface LedgerEntry {
  readonly name: string
  /** The run it was applied in: rollback takes back the last one. */
  readonly batch: number
  readonly appliedAt: string
}

export class Ledger {
  readonly #run: RunSql

  constructor(run: RunSql) {
    this.#run = run
  }

  /** @param schema where the dialect has schemas in a database, and it is not the usual one */
  async create(schema?: string): Promise<void> {
    if (schema) {
      // "if not exists" asks for the right to create schemas also where it exists.
      const found = await this.#run('select 1 from pg_namespace where nspname = ?', [schema])
      if (found.length === 0) await this.#run(`create schema "${schema.replaceAll('"', '""')}"`)
    }
    await this.#run(
      `create table if not exists ${LEDGER_TABLE} (name varchar(255) not null primary key, batch integer not null, applied_at varchar(30) not null)`,
    )
  }

  /** Everything applied, in the order it was applied. */
  async entries(): Promise<LedgerEntry[]> {
    const rows = await this.#run(`select name, batch, applied_at from ${LEDGER_TABLE} order by batch, name`)
    return rows.map((row) => ({
      name: String(row.name),
      batch: Number(row.batch),
      appliedAt: String(row.applied_at),
    }))
  }

  async add(name: string, batch: number): Promise<void> {
    const values = [name, batch, new Date().toISOString()]
    await this.#run(`insert into ${LEDGER_TABLE} (name, batch, applied_at) values (?, ?, ?)`, values)
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
