/** @module What is known of each migration: from its file, from the ledger, and from what was interrupted. */
import { MANIFEST_FILE } from '../files/manifest.ts'
import type { MigrationFiles } from '../files/migration-files.ts'
import type { LedgerEntry } from './ledger.ts'
import type { Progress } from './progress.ts'

/** `changed`: applied, and its file is another since; `missing`: applied, and its file is gone. */
export type MigrationState = 'applied' | 'pending' | 'changed' | 'missing' | 'interrupted'

export interface MigrationStatus {
  readonly name: string
  readonly state: MigrationState
  readonly appliedAt: string | undefined
  readonly batch: number | undefined
  /** Pending, and older than one that is applied: it arrived later, as from a branch. */
  readonly isOutOfOrder: boolean
}

/** Every migration, oldest first. */
export function statusOf(
  files: MigrationFiles,
  entries: readonly LedgerEntry[],
  interrupted: ReadonlyMap<string, Progress>,
  checksums: ReadonlyMap<string, string>,
): MigrationStatus[] {
  const names = files.names()
  const present = new Set([...names, ...files.beyond()])
  const { compare } = files.naming
  const applied = new Map(entries.map((entry) => [entry.name, entry]))
  const newest = [...applied.keys()].sort(compare).at(-1)
  const stateOf = (name: string): MigrationState => {
    const entry = applied.get(name)
    if (interrupted.has(name)) return 'interrupted'
    if (!entry) return 'pending'
    if (!present.has(name)) return 'missing'
    const now = checksums.get(name)
    return now && entry.checksum && now !== entry.checksum ? 'changed' : 'applied'
  }
  return [...new Set([...names, ...applied.keys(), ...interrupted.keys()])].sort(compare).map((name) => {
    const entry = applied.get(name)
    const isOutOfOrder = !entry && newest !== undefined && compare(name, newest) < 0
    return { name, state: stateOf(name), appliedAt: entry?.appliedAt, batch: entry?.batch, isOutOfOrder }
  })
}

/** What somebody should know when a run goes on. */
export function warningsOf(
  statuses: readonly MigrationStatus[],
  chosen: readonly string[],
  checksums: ReadonlyMap<string, string>,
): string[] {
  const unknown = chosen.filter((name) => !checksums.has(name))
  const about = ({ name, state, isOutOfOrder }: MigrationStatus) => {
    if (state === 'changed')
      return [`${name} has changed since it was applied: the database has what it was before.`]
    if (state === 'missing') return [`${name} is applied, but its file is gone.`]
    if (!isOutOfOrder || !chosen.includes(name)) return []
    return [`${name} is older than what is applied: it is applied now, after newer ones.`]
  }
  if (unknown.length === 0) return statuses.flatMap(about)
  const hint = 'write its manifest with: limber db manifest --out <folder>'
  return [...statuses.flatMap(about), `A build without ${MANIFEST_FILE} has no checksums: ${hint}`]
}

/** What is behind the version of the manifest: it is left alone, or the database is ahead of the code. */
export function warningsBeyond(files: MigrationFiles, statuses: readonly MigrationStatus[]): string[] {
  const version = files.naming.limit?.version
  const applied = new Set(statuses.filter(({ appliedAt }) => appliedAt !== undefined).map(({ name }) => name))
  return files
    .beyond()
    .map((name) =>
      applied.has(name)
        ? `${name} is applied, and the version in the manifest is ${version}: the database is ahead of the code.`
        : `${name} is not applied: the version in the manifest is ${version}.`,
    )
}
