/** @module Which migrations a preview shows, in the order in which they would run. */
import type { MigrationFiles } from '../files/migration-files.ts'
import { chosenBack, chosenForward } from '../run/choose-migrations.ts'
import type { Migrator } from '../run/migrator.ts'

export interface PreviewRange {
  /** The last one that is applied; taken back, the one that stays. By its name, or the beginning of it. */
  readonly to?: string | undefined
  /** Every migration, whatever the database has: it is not asked. */
  readonly all: boolean
  readonly down: boolean
}

/**
 * @throws {MigrationNameError} when no migration, or more than one, begins with `to`
 * @throws {MigrationMissingError} when one is to be taken back whose file is gone
 */
export async function choosePreviewed(
  migrator: Migrator,
  files: MigrationFiles,
  { to, all, down }: PreviewRange,
): Promise<readonly string[]> {
  if (!all) return down ? migrator.rollback({ to, dryRun: true }) : migrator.migrate({ to, dryRun: true })
  const names = files.names()
  if (!down) return chosenForward([], names, { to }, files.naming)
  const asOneRun = names.map((name) => ({ name, batch: 1 }))
  return chosenBack(asOneRun, { to }, files.naming)
}
