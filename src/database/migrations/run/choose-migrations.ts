/** @module Which migrations a run takes: so many, or up to one of them. */
import { MigrationStepError } from '../errors.ts'
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
export function findMigration(written: string, names: readonly string[]): string {
  if (names.includes(written)) return written
  const matches = names.filter((name) => name.startsWith(written))
  const [name] = matches
  if (name !== undefined && matches.length === 1 && written !== '') return name
  throw new MigrationNameError(written, names, matches)
}

/** What is pending, oldest first. */
export function chosenForward(
  entries: readonly Applied[],
  names: readonly string[],
  { step, to }: Range,
): readonly string[] {
  const applied = new Set(entries.map(({ name }) => name))
  const last = to === undefined ? undefined : findMigration(to, names)
  return names.filter((name) => !applied.has(name) && (last === undefined || name <= last)).slice(0, step)
}

/** What is to be taken back, newest first: by default the last run. */
export function chosenBack(entries: readonly Applied[], { step, to }: Range): readonly string[] {
  const names = entries.map(({ name }) => name)
  if (to !== undefined) return names.slice(names.indexOf(findMigration(to, names)) + 1).toReversed()
  const batch = entries.at(-1)?.batch
  const chosen = step ? entries.slice(-step) : entries.filter((entry) => entry.batch === batch)
  return chosen.map(({ name }) => name).toReversed()
}
