/** @module Which migrations a run takes: so many, or up to one of them. */
import { MigrationStepError } from '../errors.ts'
import type { MigrationNaming } from '../files/migration-naming.ts'
import { NO_RUN } from './covered-migrations.ts'
import { MigrationNameError, MigrationRangeError } from './errors.ts'
import type { LedgerEntry } from './ledger.ts'

export interface Range {
  /** At most this many migrations. */
  readonly step?: number | undefined
  /** The migration to stop at, by its name or the beginning of it. */
  readonly to?: string | undefined
}

type Applied = Pick<LedgerEntry, 'name' | 'batch'>

/** @throws {MigrationStepError} @throws {MigrationRangeError} */
export function checkRange({ step, to }: Range): void {
  if (step !== undefined && to !== undefined) throw new MigrationRangeError()
  if (step !== undefined && step < 1) throw new MigrationStepError(step)
}

/** @throws {MigrationNameError} when no migration, or more than one, begins like this */
export function findMigration(written: string, names: readonly string[], naming: MigrationNaming): string {
  if (names.includes(written)) return written
  const matches = names.filter((name) => naming.begins(name, written))
  const [name] = matches
  if (name !== undefined && matches.length === 1 && written !== '') return name
  throw new MigrationNameError(written, names, matches)
}

/** What is pending, oldest first. */
export function chosenForward(
  entries: readonly Applied[],
  names: readonly string[],
  { step, to }: Range,
  naming: MigrationNaming,
): readonly string[] {
  const applied = new Set(entries.map(({ name }) => name))
  const end = to === undefined ? undefined : names.indexOf(findMigration(to, names, naming)) + 1
  return names
    .slice(0, end)
    .filter((name) => !applied.has(name))
    .slice(0, step)
}

/** What is to be taken back, newest first: by default the last run. */
export function chosenBack(
  entries: readonly Applied[],
  { step, to }: Range,
  naming: MigrationNaming,
): readonly string[] {
  const runs = entries.filter((entry) => entry.batch !== NO_RUN)
  if (to !== undefined) {
    const names = entries.map(({ name }) => name)
    const behind = new Set(names.slice(names.indexOf(findMigration(to, names, naming)) + 1))
    return namesBack(runs.filter(({ name }) => behind.has(name)))
  }
  const batch = runs.at(-1)?.batch
  return namesBack(step ? runs.slice(-step) : runs.filter((entry) => entry.batch === batch))
}

function namesBack(entries: readonly Applied[]): string[] {
  return entries.map(({ name }) => name).toReversed()
}
