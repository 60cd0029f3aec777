/** @module The copy of an SQLite database: another file, written by SQLite itself. */
import { existsSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { sync } from '../../support/durable-file.ts'
import { countRows, type DatabaseDump, type Dumper, type DumpTarget, withConnection } from './dump-target.ts'

const FILE = 'database.sqlite'

/** How long another process may be writing when a database is put back, in milliseconds. */
const PATIENCE = 30_000

/** As much of the package as this takes. */
interface RawDatabase {
  backup(file: string): Promise<{ readonly totalPages: number }>
  close(): void
}

export const sqliteDump: Dumper = {
  // Whether there is room shows when it is copied, which is before anything is changed.
  check: async () => undefined,

  async dump(target, folder): Promise<DatabaseDump> {
    const source = fileOf(target)
    if (source === undefined || !existsSync(source)) return { dialect: 'sqlite', file: undefined, tables: {} }
    const copy = path.join(folder, FILE)
    const tables = await withConnection(target, (connection) =>
      connection.exclusive(async (run) => {
        await run('vacuum into ?', [copy])
        return countRows(run, connection)
      }),
    )
    sync(copy)
    return { dialect: 'sqlite', file: FILE, tables }
  },

  async restore(target, folder, { file }) {
    const place = fileOf(target)
    if (place === undefined) return
    if (file === undefined) {
      for (const ending of ['-wal', '-shm', '']) rmSync(place + ending, { force: true })
      return
    }
    // Opened first, it is there, what was cut off in it is taken back, and its log keeps readers out of the way.
    await withConnection(target, (connection) => connection.execute('select 1'))
    await copyInto(path.join(folder, file), place)
    await prove(target)
  },
}

/** Into the file that is there, in one transaction: other processes that have it open would go on with one that is gone. */
async function copyInto(copy: string, place: string): Promise<void> {
  const deadline = performance.now() + PATIENCE
  const source = openRaw(copy)
  try {
    // While somebody else writes, it copies no page, and says no more about it.
    while ((await source.backup(place)).totalPages === 0) {
      if (performance.now() > deadline) throw new Error('another process writes to it.')
      await setTimeout(20)
    }
  } finally {
    source.close()
  }
}

/** By the package that the driver stands on; it is not a dependency of its own. */
function openRaw(file: string): RawDatabase {
  const driver = createRequire(import.meta.url).resolve('@mikro-orm/sqlite')
  // That package has no types here.
  const Database = createRequire(driver)('better-sqlite3') as new (
    file: string,
    options: { readonly readonly: boolean },
  ) => RawDatabase
  return new Database(file, { readonly: true })
}

async function prove(target: DumpTarget): Promise<void> {
  const [check] = await withConnection(target, (connection) => connection.execute('pragma quick_check'))
  if (check?.quick_check !== 'ok') throw new Error(`it is broken: ${check?.quick_check}`)
}

/** Undefined for one in memory: nothing of it is left to copy. */
function fileOf({ driver, root }: DumpTarget): string | undefined {
  return driver.file === undefined ? undefined : path.resolve(root, driver.file)
}
