/** @module The rows of the states of chats. */
import type { StateKey, StoredState } from '../../application/ports/update-store.ts'
import type { Row } from '../connections/connection.ts'
import type { Dialect } from '../connections/driver.ts'
import { quoteName } from '../migrations/sql/quote-name.ts'
import { forgetRows } from './forget-rows.ts'
import type { OutsideSql } from './outside-sql.ts'
import { replacing } from './replacing.ts'
import type { UnitSql } from './unit-sql.ts'

export class StateRows {
  readonly #table: string
  readonly #dialect: Dialect
  readonly #user: string
  readonly #where: string
  readonly #outside: OutsideSql
  readonly #unit: UnitSql

  /** @param table quoted */
  constructor(table: string, dialect: Dialect, outside: OutsideSql, unit: UnitSql) {
    this.#table = table
    this.#dialect = dialect
    this.#user = quoteName('user', dialect)
    this.#where = `bot = ? and module = ? and chat = ? and ${this.#user} = ?`
    this.#outside = outside
    this.#unit = unit
  }

  /** What the open unit of work has written, only its own transaction has. */
  async get(key: StateKey, now: number): Promise<StoredState | undefined> {
    const sql = `select name, data, expires_at from ${this.#table} where ${this.#where} and (expires_at is null or expires_at > ?)`
    const values = [...valuesOf(key), now]
    const run = this.#unit.open()
    const rows = await (run ? run(sql, values) : this.#outside.read(sql, values))
    return rows.map(stateOf)[0]
  }

  write(key: StateKey, state: StoredState | undefined): Promise<void> {
    return state ? this.#put(key, state) : this.#remove(key)
  }

  prune(bot: number, now: number): Promise<void> {
    return forgetRows(this.#outside, {
      table: this.#table,
      keys: ['module', 'chat', this.#user],
      condition: 'bot = ? and expires_at <= ?',
      parameters: [bot, now],
    })
  }

  #put(key: StateKey, { name, data, expiresAt }: StoredState): Promise<void> {
    const sql = `insert into ${this.#table} (bot, module, chat, ${this.#user}, name, data, expires_at) values (?, ?, ?, ?, ?, ?, ?) ${this.#replacing}`
    const values = [...valuesOf(key), name, JSON.stringify(data), expiresAt ?? null]
    return this.#unit.write(async (run) => void (await run(sql, values)))
  }

  #remove(key: StateKey): Promise<void> {
    return this.#unit.write(async (run) => {
      const values = valuesOf(key)
      // MySQL locks the place of a row that is not there, and whoever else would insert one near it.
      const isSure = this.#dialect !== 'mysql'
      const isThere =
        isSure || (await run(`select 1 from ${this.#table} where ${this.#where}`, values)).length > 0
      if (isThere) await run(`delete from ${this.#table} where ${this.#where}`, values)
    })
  }

  get #replacing(): string {
    return replacing(this.#dialect, `bot, module, chat, ${this.#user}`, ['name', 'data', 'expires_at'])
  }
}

function valuesOf({ bot, module, chat, user }: StateKey): unknown[] {
  return [bot, module, chat, user]
}

/** Drivers give large numbers as texts. */
function stateOf({ name, data, expires_at: end }: Row): StoredState {
  return {
    name: String(name),
    // Only this class writes the column.
    data: JSON.parse(String(data)) as Record<string, unknown>,
    expiresAt: end === null || end === undefined ? undefined : Number(end),
  }
}
