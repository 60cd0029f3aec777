/** @module The SQLite file of a file store: opened when it is needed, shared with other processes, opened anew when it was deleted. */
import { closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import path from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import { CacheUnavailableError } from '../../application/cache-stores/errors.ts'
import { CacheFileDamagedError } from './errors.ts'

/** Kept short by trying again: SQLite itself would wait in the only thread. */
const BUSY = 5
const DAMAGED = [11, 26]
/** A full disk, and what becomes of one while a file is being enlarged. */
const FULL = [10, 13]

const SCHEMA = `
  pragma journal_mode = wal;
  pragma synchronous = normal;
  pragma journal_size_limit = 16777216;
  create table if not exists kept (key text primary key, text text not null, expires_at integer) strict;
  create index if not exists kept_ends on kept (expires_at) where expires_at is not null;`

export interface CacheFileOptions {
  /** The name of the store, for messages. */
  readonly name: string
  readonly folder: string
  /** How long to try while other processes write, in milliseconds. */
  readonly patience: number
}

export class CacheFile {
  readonly #options: CacheFileOptions
  readonly #file: string
  #database: DatabaseSync | undefined
  /** Which file is open: another one may take its place. */
  #inode = 0

  constructor(options: CacheFileOptions) {
    this.#options = options
    this.#file = path.join(options.folder, 'cache.sqlite')
  }

  /**
   * Runs statements, again while another process writes: they have to be one statement or one transaction.
   *
   * @throws {CacheUnavailableError} @throws {CacheFileDamagedError}
   */
  async run<T>(work: (database: DatabaseSync) => T): Promise<T> {
    const { DatabaseSync } = await import('node:sqlite')
    const deadline = performance.now() + this.#options.patience
    for (;;) {
      try {
        return this.#attempt(DatabaseSync, work)
      } catch (error) {
        const code = primaryCode(error)
        if (code !== BUSY || performance.now() > deadline) throw this.#explain(error, code)
      }
      await wait(1 + Math.random() * 10)
    }
  }

  close(): void {
    this.#database?.close()
    this.#database = undefined
  }

  #attempt<T>(Database: typeof DatabaseSync, work: (database: DatabaseSync) => T): T {
    const database = this.#current(Database)
    try {
      return work(database)
    } catch (error) {
      if (database.isTransaction) database.exec('rollback')
      throw error
    }
  }

  #current(Database: typeof DatabaseSync): DatabaseSync {
    const inode = statSync(this.#file, { throwIfNoEntry: false })?.ino
    if (this.#database && inode === this.#inode) return this.#database
    this.close()
    mkdirSync(this.#options.folder, { recursive: true, mode: 0o700 })
    // Made here, since SQLite would let everybody read it; the files beside it get the same mode.
    closeSync(openSync(this.#file, 'a', 0o600))
    const database = new Database(this.#file, { timeout: 0 })
    try {
      database.exec(SCHEMA)
    } catch (error) {
      database.close()
      throw error
    }
    this.#inode = statSync(this.#file).ino
    this.#database = database
    return database
  }

  #explain(error: unknown, code: number | undefined): unknown {
    if (code === undefined && !isSystemError(error)) return error
    const { name } = this.#options
    // The next use looks at the file afresh.
    this.close()
    if (code !== undefined && DAMAGED.includes(code))
      return new CacheFileDamagedError(name, this.#file, error)
    return new CacheUnavailableError(name, this.#file, error, hintFor(code))
  }
}

function hintFor(code: number | undefined): string {
  if (code === BUSY) return 'Look for a process that keeps the file locked.'
  if (code !== undefined && FULL.includes(code)) return 'Make room on the disk that holds the file.'
  return 'Let this user read and write the folder, or choose another one in config/cache.ts.'
}

/** The upper bits say more, which differs among versions. */
function primaryCode(error: unknown): number | undefined {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'errcode') : undefined
  return typeof code === 'number' ? code & 0xff : undefined
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && Reflect.has(error, 'syscall')
}
