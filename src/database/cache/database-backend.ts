/** @module Texts in a table of a database. */
import { addToCount } from '../../application/cache-stores/add-to-count.ts'
import { isOver } from '../../application/cache-stores/clocked-store.ts'
import type { StoreBackend } from '../../application/cache-stores/store-backend.ts'
import type { StoredCount, StoredText } from '../../application/ports/cache-store.ts'
import type { OpenTable, StoreTable } from './store-table.ts'
import { contentOf, endOf, entryOf, idOf, rangeOf } from './stored-row.ts'

/** How many keys a statement names. */
const BATCH = 250
/** After how many writes what is over is swept; each sweep takes more rows than that. */
const WRITES_PER_SWEEP = 100

const LIVE = '(expires_at is null or expires_at > ?)'

export class DatabaseBackend implements StoreBackend {
  readonly #table: StoreTable
  #writes = 0

  constructor(table: StoreTable) {
    this.#table = table
  }

  async get(keys: readonly string[]): Promise<readonly (StoredText | undefined)[]> {
    const ids = keys.map(idOf)
    const found = new Map<string, StoredText>()
    for (const some of batchesOf(ids)) {
      const { rows } = await this.#table.use(({ name, run }) =>
        run(`select id, bytes, total, expires_at from ${name} where id in (${marks(some)})`, some),
      )
      for (const row of rows) found.set(nameOf(row.id), entryOf(row))
    }
    return ids.map((id) => found.get(nameOf(id)))
  }

  async set(key: string, entry: StoredText, now: number): Promise<void> {
    await this.#table.use(({ sql, run }) => run(sql.set, rowOf(key, entry)))
    await this.#sweep(now)
  }

  async replace(
    key: string,
    expected: string | undefined,
    entry: StoredText | undefined,
    now: number,
  ): Promise<boolean> {
    const isDone = await this.#table.use(async (table) => {
      if (expected !== undefined) return exchange(table, key, expected, entry, now)
      return entry ? add(table, key, entry, now) : !(await this.#live(key, now))
    })
    await this.#sweep(now)
    return isDone
  }

  async increment(key: string, by: number, expiresAt: number | undefined, now: number): Promise<StoredCount> {
    const values = [idOf(key), by, expiresAt ?? null, now, now, now]
    for (;;) {
      const counted = await this.#table.use(async (table) => {
        if (table.isMysql) return incrementHeld(table, key, by, values)
        const { rows } = await table.run(table.sql.increment, values)
        return rows.map((row) => ({ count: Number(row.total), expiresAt: endOf(row.expires_at) }))[0]
      })
      await this.#sweep(now)
      if (counted) return counted
      // It throws what is wrong with the count; where it does not, another one has written meanwhile.
      addToCount(key, (await this.#live(key, now))?.text, by)
    }
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (const some of batchesOf(keys.map(idOf))) {
      await this.#table.use(({ name, run }) => run(`delete from ${name} where id in (${marks(some)})`, some))
    }
  }

  async clear(beginning: string): Promise<void> {
    const range = rangeOf(beginning)
    await this.#table.use(({ name, run }) => run(`delete from ${name} where id >= ? and id < ?`, range))
  }

  ping(): Promise<void> {
    return this.#table.ping()
  }

  close(): Promise<void> {
    return this.#table.close()
  }

  async #live(key: string, now: number): Promise<StoredText | undefined> {
    const [entry] = await this.get([key])
    return entry && !isOver(entry.expiresAt, now) ? entry : undefined
  }

  async #sweep(now: number): Promise<void> {
    if (this.#writes++ % WRITES_PER_SWEEP === 0)
      await this.#table.use(({ sql, run }) => run(sql.sweep, [now]))
  }
}

/** Puts a row where none is, or where its time is over. */
async function add(
  { name, sql, isMysql, run }: OpenTable,
  key: string,
  entry: StoredText,
  now: number,
): Promise<boolean> {
  const [id, ...content] = rowOf(key, entry)
  if (!isMysql) return (await run(sql.add, [id, ...content, now])).affected > 0
  for (;;) {
    if ((await run(sql.add, [id, ...content])).affected > 0) return true
    const over = `update ${name} set bytes = ?, total = ?, expires_at = ? where id = ? and expires_at <= ?`
    if ((await run(over, [...content, id, now])).affected > 0) return true
    // What was in the way may be gone by now: only what is there is a reason to refuse.
    const { rows } = await run(`select id from ${name} where id = ? and ${LIVE}`, [id, now])
    if (rows.length > 0) return false
  }
}

async function exchange(
  { name, run }: OpenTable,
  key: string,
  expected: string,
  entry: StoredText | undefined,
  now: number,
): Promise<boolean> {
  const { bytes, total } = contentOf(expected)
  const condition = `id = ? and ${bytes ? 'bytes' : 'total'} = ? and ${LIVE}`
  const found = [idOf(key), bytes ?? total, now]
  const { affected } = entry
    ? await run(`update ${name} set bytes = ?, total = ?, expires_at = ? where ${condition}`, [
        ...rowOf(key, entry).slice(1),
        ...found,
      ])
    : await run(`delete from ${name} where ${condition}`, found)
  return affected > 0
}

/** Holds the row meanwhile: MySQL does not give back what it has written. */
function incrementHeld(
  { name, sql, transaction }: OpenTable,
  key: string,
  by: number,
  values: readonly unknown[],
): Promise<StoredCount> {
  return transaction(async (run) => {
    await run(sql.increment, values)
    const held = await run(`select bytes, total, expires_at from ${name} where id = ? for update`, [
      idOf(key),
    ])
    const entry = entryOf(held.rows[0] ?? {})
    const count = addToCount(key, entry.text, by)
    await run(`update ${name} set total = ? where id = ?`, [count, idOf(key)])
    return { count, expiresAt: entry.expiresAt }
  })
}

function rowOf(key: string, { text, expiresAt }: StoredText): unknown[] {
  const { bytes, total } = contentOf(text)
  return [idOf(key), bytes, total, expiresAt ?? null]
}

function batchesOf(ids: readonly Buffer[]): Buffer[][] {
  const count = Math.ceil(ids.length / BATCH)
  return Array.from({ length: count }, (_, index) => ids.slice(index * BATCH, (index + 1) * BATCH))
}

function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ')
}

function nameOf(id: unknown): string {
  return id instanceof Uint8Array ? Buffer.from(id).toString('hex') : ''
}
