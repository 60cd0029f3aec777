/** @module Takes a squash for applied where all that it replaces is applied: no statement of it is run. */
import type { Connection, RunSql } from '../../connections/connection.ts'
import type { Driver } from '../../connections/driver.ts'
import { MigrationFileError } from '../files/errors.ts'
import type { MigrationFiles } from '../files/migration-files.ts'
import { SquashPartlyAppliedError } from '../squash/errors.ts'
import { LEDGER_TABLE, Ledger } from './ledger.ts'
import { inMigrationTransaction } from './migration-transaction.ts'

/**
 * Replaces the rows of squashed migrations in the ledger by that of the squash, and gives the names of such squashes: they
 * are applied from now on. One that replaces nothing that is applied stays pending.
 *
 * @throws {SquashPartlyAppliedError} when some of what a squash replaces is applied, and some is not
 */
export async function takeSquashes(
  connection: Connection,
  files: MigrationFiles,
  run: RunSql,
  { dryRun = false } = {},
): Promise<string[]> {
  if (!(await connection.hasTable(run, LEDGER_TABLE))) return []
  const { driver, schemaName } = connection
  const ledger = new Ledger(run)
  const applied = new Set((await ledger.entries(files.naming.compare)).map(({ name }) => name))
  const squashes = (await squashesOf(files, applied)).filter((squash) =>
    isApplied(squash, (name) => applied.has(name) || isCovered(files, applied, name)),
  )
  if (dryRun || squashes.length === 0) return squashes.map(({ name }) => name)
  await ledger.create(driver.dialect, schemaName)
  const checksums = files.checksums()
  for (const squash of squashes) await replaceRows(run, driver, squash, checksums.get(squash.name))
  return squashes.map(({ name }) => name)
}

/** The migrations that a pending squash replaces: they are not missing because their files are gone. */
export async function replacedNames(
  files: MigrationFiles,
  applied: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  try {
    return new Set((await squashesOf(files, applied)).flatMap(({ replaces }) => replaces))
  } catch (error) {
    // Whoever only looks is not kept from it by a pending file that is at fault; migrating tells.
    if (error instanceof MigrationFileError) return new Set()
    throw error
  }
}

interface Squash {
  readonly name: string
  readonly replaces: readonly string[]
}

async function squashesOf(files: MigrationFiles, applied: ReadonlySet<string>): Promise<Squash[]> {
  const names = files.names()
  const present = new Set(names)
  // Only where files are gone there can be a squash for them, and only then files are loaded.
  if ([...applied].every((name) => present.has(name))) return []
  const pending = names.filter((name) => !applied.has(name))
  const loaded = await Promise.all(
    pending.map(async (name) => ({ name, replaces: (await files.load(name)).replaces })),
  )
  return loaded.filter(({ replaces }) => replaces.length > 0)
}

function isCovered({ naming }: MigrationFiles, rows: ReadonlySet<string>, name: string): boolean {
  return [...rows].some((row) => naming.covers?.(row, name))
}

function isApplied({ name, replaces }: Squash, has: (name: string) => boolean): boolean {
  const missing = replaces.filter((replaced) => !has(replaced))
  if (missing.length === replaces.length) return false
  if (missing.length > 0) throw new SquashPartlyAppliedError(name, missing, replaces.at(-1) ?? name)
  return true
}

/** The row of the last one becomes that of the squash: it keeps its run and its time. */
async function replaceRows(
  run: RunSql,
  driver: Driver,
  { name, replaces }: Squash,
  checksum: string | undefined,
): Promise<void> {
  const last = replaces.at(-1)
  await inMigrationTransaction(driver, run, async () => {
    for (const replaced of replaces)
      if (replaced !== last) await run(`delete from ${LEDGER_TABLE} where name = ?`, [replaced])
    const values = [name, checksum ?? null, last]
    await run(`update ${LEDGER_TABLE} set name = ?, checksum = ? where name = ?`, values)
  })
}
