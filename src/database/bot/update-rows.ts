/** @module The rows of handled updates, with the calls that wait to be made. */
import { randomUUID } from 'node:crypto'
import type { StoredCall, UpdateKey, WaitingCalls } from '../../application/ports/update-store.ts'
import { UpdateHandledError } from '../../application/update-stores/errors.ts'
import type { Row } from '../connections/connection.ts'
import { UniqueViolationError } from '../errors.ts'
import { forgetRows } from './forget-rows.ts'
import type { OutsideSql } from './outside-sql.ts'
import type { UnitSql } from './unit-sql.ts'

const DUE = 'bot = ? and held_until <= ?'

export class UpdateRows {
  readonly #table: string
  readonly #outside: OutsideSql
  readonly #unit: UnitSql

  /** @param table quoted */
  constructor(table: string, outside: OutsideSql, unit: UnitSql) {
    this.#table = table
    this.#outside = outside
    this.#unit = unit
  }

  async isHandled({ bot, update }: UpdateKey): Promise<boolean> {
    const sql = `select 1 from ${this.#table} where bot = ? and update_id = ?`
    return (await this.#outside.read(sql, [bot, update])).length > 0
  }

  record(key: UpdateKey, calls: readonly StoredCall[], now: number, heldUntil: number): Promise<void> {
    const waiting = calls.length > 0 ? [JSON.stringify(calls), calls.length, heldUntil] : [null, 0, null]
    const sql = `insert into ${this.#table} (bot, update_id, handled_at, calls, total, held_until, made) values (?, ?, ?, ?, ?, ?, 0)`
    return this.#unit.write(async (run) => {
      try {
        await run(sql, [key.bot, key.update, now, ...waiting])
      } catch (error) {
        throw error instanceof UniqueViolationError ? new UpdateHandledError(key, error) : error
      }
    })
  }

  /** What somebody else has noted, who has taken the calls over, is not taken back. */
  noteMade({ bot, update }: UpdateKey, made: number): Promise<void> {
    const unless = (column: string) => `${column} = case when total <= ? then null else ${column} end`
    return this.#outside.write(
      `update ${this.#table} set ${unless('calls')}, ${unless('held_until')}, made = ? where bot = ? and update_id = ? and made < ?`,
      [made, made, made, bot, update, made],
    )
  }

  async hold({ bot, update }: UpdateKey, since: number, heldUntil: number): Promise<boolean> {
    const token = randomUUID()
    await this.#outside.write(
      `update ${this.#table} set held_until = ?, held_by = ? where bot = ? and update_id = ? and held_until = ?`,
      [heldUntil, token, bot, update, since],
    )
    const own = `select 1 from ${this.#table} where bot = ? and update_id = ? and held_by = ?`
    return (await this.#outside.read(own, [bot, update, token])).length > 0
  }

  dropCalls({ bot, update }: UpdateKey): Promise<void> {
    return this.#outside.write(
      `update ${this.#table} set calls = null, held_until = null where bot = ? and update_id = ?`,
      [bot, update],
    )
  }

  async takeWaiting(
    bot: number,
    now: number,
    heldUntil: number,
    limit: number,
  ): Promise<readonly WaitingCalls[]> {
    const select = `select update_id from ${this.#table} where ${DUE} order by update_id limit ${Math.trunc(limit)}`
    // Where others take all of these, there may be more behind them.
    for (;;) {
      const found = await this.#outside.read(select, [bot, now])
      if (found.length === 0) return []
      const ids = found.map((row) => row.update_id)
      const taken = await this.#take(bot, ids, now, heldUntil)
      if (taken.length > 0) return taken
    }
  }

  prune(bot: number, before: number): Promise<void> {
    return forgetRows(this.#outside, {
      table: this.#table,
      keys: ['update_id'],
      condition: 'bot = ? and handled_at < ? and held_until is null',
      parameters: [bot, before],
    })
  }

  /** A row that another one has taken meanwhile is not due any more. */
  async #take(
    bot: number,
    ids: readonly unknown[],
    now: number,
    heldUntil: number,
  ): Promise<readonly WaitingCalls[]> {
    const token = randomUUID()
    const among = `update_id in (${ids.map(() => '?').join(', ')})`
    await this.#outside.write(
      `update ${this.#table} set held_until = ?, held_by = ? where ${DUE} and ${among}`,
      [heldUntil, token, bot, now, ...ids],
    )
    const rows = await this.#outside.read(
      `select update_id, handled_at, calls, made from ${this.#table} where bot = ? and ${among} and held_by = ? and calls is not null order by update_id`,
      [bot, ...ids, token],
    )
    return rows.map((row) => waitingOf(bot, row))
  }
}

/** Drivers give large numbers as texts. */
function waitingOf(
  bot: number,
  { update_id: update, handled_at: handledAt, calls, made }: Row,
): WaitingCalls {
  return {
    bot,
    update: Number(update),
    // Only this class writes the column.
    calls: JSON.parse(String(calls)) as StoredCall[],
    made: Number(made),
    handledAt: Number(handledAt),
  }
}
