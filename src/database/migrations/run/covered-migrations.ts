/** @module Migrations that count as applied, because the tables were made from models that were that far. */
import type { MigrationFiles } from '../files/migration-files.ts'
import type { LedgerEntry } from './ledger.ts'

/** Not a run: there is nothing in it that could be taken back. */
export const NO_RUN = 0

/** Replaces a row that stands for migrations by them, so far as they are not applied themselves. */
export function withCovered(entries: readonly LedgerEntry[], files: MigrationFiles): LedgerEntry[] {
  const { naming } = files
  if (!naming.covers) return [...entries]
  const names = [...files.names(), ...files.beyond()]
  const applied = new Set(entries.map(({ name }) => name))
  const covering = entries.filter(({ batch }) => batch === NO_RUN)
  const covered = covering.flatMap((entry) =>
    names
      .filter((name) => !applied.has(name) && naming.covers?.(entry.name, name))
      .map((name) => ({ ...entry, name, checksum: undefined })),
  )
  return [...covered, ...entries.filter(({ batch }) => batch !== NO_RUN)]
}
