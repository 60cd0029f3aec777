/** @module Which migrations a preview shows, in the order in which they would run. */
import { MigrationMissingError } from '../errors.ts'
import type { MigrationFiles } from '../files/migration-files.ts'
import { findMigration } from '../run/choose-migrations.ts'
import type { MigrationStatus } from '../run/migration-status.ts'

export interface PreviewRange {
  /** The last one that is applied; taken back, the one that stays. By its name, or the beginning of it. */
  readonly to?: string | undefined
  /** Every migration, whatever the database has. */
  readonly all: boolean
  readonly down: boolean
}

/**
 * @param status asked only when it matters what is applied
 * @throws {MigrationNameError} when no migration, or more than one, begins with `to`
 * @throws {MigrationMissingError} when one is to be taken back whose file is gone
 */
export async function choosePreviewed(
  files: MigrationFiles,
  { to, all, down }: PreviewRange,
  status: () => Promise<MigrationStatus[]>,
): Promise<string[]> {
  const names = files.names()
  const edge = to === undefined ? undefined : findMigration(to, names)
  if (!down) {
    const chosen = all ? names : await pending(names, status)
    return edge === undefined ? chosen : chosen.filter((name) => name <= edge)
  }
  const back = (all ? names : await applied(files, await status(), edge)).toReversed()
  return edge === undefined ? back : back.filter((name) => name > edge)
}

async function pending(
  names: readonly string[],
  status: () => Promise<MigrationStatus[]>,
): Promise<string[]> {
  const done = new Set((await status()).flatMap(({ name, batch }) => (batch === undefined ? [] : name)))
  return names.filter((name) => !done.has(name))
}

/** What a rollback would take back: the last run, or everything behind one migration. */
async function applied(
  files: MigrationFiles,
  statuses: readonly MigrationStatus[],
  edge: string | undefined,
): Promise<string[]> {
  const done = statuses.flatMap(({ name, batch }) => (batch === undefined ? [] : { name, batch }))
  const last = Math.max(...done.map(({ batch }) => batch))
  const chosen = edge === undefined ? done.filter(({ batch }) => batch === last) : done
  for (const { name } of chosen) {
    if ((edge === undefined || name > edge) && !files.has(name))
      throw new MigrationMissingError(name, files.folder)
  }
  return chosen.map(({ name }) => name)
}
