/** @module A copy of one database that brings it back: its tables with all their rows, keys that count up, views, triggers, routines. */
import type { Driver } from '../connections/driver.ts'
import { countRows, type DatabaseDump, type Dumper, type DumpTarget, withConnection } from './dump-target.ts'
import { DatabaseDumpError, DumpProgramMissingError } from './errors.ts'

/** @throws {DumpProgramMissingError} @throws {DatabaseDumpError} */
export async function checkDump(target: DumpTarget): Promise<void> {
  await explained('copied', target, async () => {
    // Opened once as its module would open it, a place on a server that is shared is there.
    if (target.driver.alone) await withConnection(target, async () => undefined)
    await (await dumperOf(target.driver)).check(alone(target))
  })
}

/** @throws {DumpProgramMissingError} @throws {DatabaseDumpError} */
export async function dumpDatabase(target: DumpTarget, folder: string): Promise<DatabaseDump> {
  return explained('copied', target, async () => (await dumperOf(target.driver)).dump(alone(target), folder))
}

/**
 * Replaces a database by its copy, and counts its rows. Nobody may have it open in this process.
 *
 * @throws {DumpProgramMissingError} @throws {DatabaseDumpError}
 */
export async function restoreDatabase(shared: DumpTarget, folder: string, dump: DatabaseDump): Promise<void> {
  const target = alone(shared)
  await explained('put back', target, async () => {
    const { dialect } = target.driver
    if (dialect !== dump.dialect) {
      throw new Error(`the copy is one of ${dump.dialect}, and the configuration names ${dialect} now.`)
    }
    await (await dumperOf(target.driver)).restore(target, folder, dump)
    if (dump.file === undefined) return
    const counted = await withConnection(target, (connection) =>
      connection.exclusive((run) => countRows(run, connection)),
    )
    for (const [table, rows] of Object.entries(dump.tables)) {
      if (counted[table] === rows) continue
      throw new Error(`the table "${table}" has ${counted[table] ?? 'no'} rows and had ${rows}.`)
    }
  })
}

/** A place that is made whenever it is missing cannot be replaced by its copy. */
function alone({ driver, root }: DumpTarget): DumpTarget {
  return { driver: driver.alone?.() ?? driver, root }
}

async function dumperOf({ dialect }: Driver): Promise<Dumper> {
  if (dialect === 'postgres') return (await import('./postgres-dump.ts')).postgresDump
  if (dialect === 'mysql') return (await import('./mysql-dump.ts')).mysqlDump
  return (await import('./sqlite-dump.ts')).sqliteDump
}

async function explained<T>(
  verb: 'copied' | 'put back',
  { driver }: DumpTarget,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof DumpProgramMissingError) throw error
    throw new DatabaseDumpError(verb, driver.label, error)
  }
}
