/** @module The copy of an SQLite database: another file, written by SQLite itself. */
import { copyFileSync, existsSync, rmSync } from 'node:fs'
import path from 'node:path'
import { renameDurably, sync } from '../../support/durable-file.ts'
import { countRows, type DatabaseDump, type Dumper, type DumpTarget, withConnection } from './dump-target.ts'

const FILE = 'database.sqlite'

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
    const beside = `${place}.restoring`
    copyFileSync(path.join(folder, file), beside)
    sync(beside)
    // With the log of what is replaced, SQLite would write parts of that into the copy.
    for (const ending of ['-wal', '-shm', '-journal']) rmSync(place + ending, { force: true })
    renameDurably(beside, place)
    await prove(target)
  },
}

async function prove(target: DumpTarget): Promise<void> {
  const [check] = await withConnection(target, (connection) => connection.execute('pragma quick_check'))
  if (check?.quick_check !== 'ok') throw new Error(`it is broken: ${check?.quick_check}`)
}

/** Undefined for one in memory: nothing of it is left to copy. */
function fileOf({ driver, root }: DumpTarget): string | undefined {
  return driver.file === undefined ? undefined : path.resolve(root, driver.file)
}
