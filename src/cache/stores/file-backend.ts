/** @module Texts in one SQLite file. */
import type { DatabaseSync } from 'node:sqlite'
import { setImmediate as breathe } from 'node:timers/promises'
import { addToCount } from '../../application/cache-stores/add-to-count.ts'
import { isOver } from '../../application/cache-stores/clocked-store.ts'
import type { StoreBackend } from '../../application/cache-stores/store-backend.ts'
import type { StoredCount, StoredText } from '../../application/ports/cache-store.ts'
import type { CacheFile } from './cache-file.ts'

/** How many writes pass before one of them looks for what is over, and how much of that it deletes at most. */
const WRITES = 16
const SWEPT = 100
/** How many keys are deleted before others get their turn. */
const CLEARED = 2_000

const FIND = 'select text, expires_at as expiresAt from kept where key = ?'
const PUT = `insert into kept (key, text, expires_at) values (?, ?, ?)
  on conflict (key) do update set text = excluded.text, expires_at = excluded.expires_at`
const DELETE = 'delete from kept where key = ?'
const SWEEP =
  'delete from kept where rowid in (select rowid from kept where expires_at <= ? order by expires_at limit ?)'
const CLEAR = 'delete from kept where rowid in (select rowid from kept where key >= ? and key < ? limit ?)'

export class FileBackend implements StoreBackend {
  readonly #file: CacheFile
  #writes = 0

  constructor(file: CacheFile) {
    this.#file = file
  }

  async get(keys: readonly string[]): Promise<(StoredText | undefined)[]> {
    return this.#file.run((database) => {
      const find = database.prepare(FIND)
      return keys.map((key) => entryOf(find.get(key)))
    })
  }

  async set(key: string, entry: StoredText, now: number): Promise<void> {
    await this.#write(now, (database) => put(database, key, entry))
  }

  async replace(
    key: string,
    expected: string | undefined,
    entry: StoredText | undefined,
    now: number,
  ): Promise<boolean> {
    return this.#write(now, (database) => {
      if (find(database, key, now)?.text !== expected) return false
      if (entry) put(database, key, entry)
      else database.prepare(DELETE).run(key)
      return true
    })
  }

  async increment(key: string, by: number, expiresAt: number | undefined, now: number): Promise<StoredCount> {
    return this.#write(now, (database) => {
      const found = find(database, key, now)
      const count = addToCount(key, found?.text, by)
      const end = found ? found.expiresAt : expiresAt
      put(database, key, { text: String(count), expiresAt: end })
      return { count, expiresAt: end }
    })
  }

  async delete(keys: readonly string[]): Promise<void> {
    await this.#file.run((database) =>
      inTransaction(database, () => {
        const statement = database.prepare(DELETE)
        for (const key of keys) statement.run(key)
      }),
    )
  }

  async clear(beginning: string): Promise<void> {
    // The first text that does not begin with it any more.
    const end = beginning.slice(0, -1) + String.fromCharCode(beginning.charCodeAt(beginning.length - 1) + 1)
    for (;;) {
      const { changes } = await this.#file.run((database) =>
        database.prepare(CLEAR).run(beginning, end, CLEARED),
      )
      if (changes < CLEARED) return
      await breathe()
    }
  }

  async ping(): Promise<void> {
    await this.#file.run((database) => void database.prepare('select count(*) from sqlite_schema').get())
  }

  async close(): Promise<void> {
    this.#file.close()
  }

  #write<T>(now: number, work: (database: DatabaseSync) => T): Promise<T> {
    this.#writes++
    const isSweeping = this.#writes % WRITES === 0
    return this.#file.run((database) =>
      inTransaction(database, () => {
        if (isSweeping) database.prepare(SWEEP).run(now, SWEPT)
        return work(database)
      }),
    )
  }
}

/** What throws in it is rolled back by the file. */
function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('begin immediate')
  const result = work()
  database.exec('commit')
  return result
}

function find(database: DatabaseSync, key: string, now: number): StoredText | undefined {
  const entry = entryOf(database.prepare(FIND).get(key))
  return entry && !isOver(entry.expiresAt, now) ? entry : undefined
}

function put(database: DatabaseSync, key: string, { text, expiresAt }: StoredText): void {
  database.prepare(PUT).run(key, text, expiresAt ?? null)
}

function entryOf(row: Readonly<Record<string, unknown>> | undefined): StoredText | undefined {
  if (!row) return undefined
  return {
    text: String(row.text),
    expiresAt: typeof row.expiresAt === 'number' ? row.expiresAt : undefined,
  }
}
