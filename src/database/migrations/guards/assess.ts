/** @module What a run of migrations may cost, before it begins. */
import { messageOf } from '../../../support/message-of.ts'
import type { Dialect } from '../../connections/driver.ts'
import type { Facts } from './facts.ts'
import { findHazards } from './find-hazards.ts'
import type { Hazard } from './judging/hazard.ts'
import { KnownTables } from './known-tables.ts'

/** What a migration would execute. */
export interface MigrationStatements {
  readonly name: string
  /** With their parameters in them. */
  readonly statements: readonly string[]
  /** Those that asked for rows and got none: what depends on them is not known. */
  readonly reads?: readonly string[]
  /** Why it did not come to its end. */
  readonly stopped?: unknown
}

export interface MigrationHazards {
  readonly name: string
  readonly hazards: readonly Hazard[]
}

export interface AssessmentOptions {
  readonly dialect: Dialect
  /** Without a database to look at, every table may have rows, and what a column was may be unknown. */
  readonly facts?: Facts | undefined
  /** Whether all of them run at once: then what one makes is new for those after it. */
  readonly isOneRun: boolean
}

/**
 * Says what migrations may cost, in their order: rows and values that are lost, locks that others wait for, names that
 * running code still uses.
 *
 * @example
 * ```ts
 * import { assessMigrations } from 'limber/database'
 *
 * const statements = ['alter table book drop column isbn']
 * const [assessed] = await assessMigrations([{ name: 'drop_isbn', statements }], { dialect: 'postgres', isOneRun: true })
 * assessed?.hazards[0]?.kind // 'destructive'
 * ```
 */
export async function assessMigrations(
  migrations: readonly MigrationStatements[],
  { dialect, facts, isOneRun }: AssessmentOptions,
): Promise<MigrationHazards[]> {
  const tables = new KnownTables(dialect, facts)
  const assessed: MigrationHazards[] = []
  for (const migration of migrations) {
    const hazards = await findHazards(migration.statements, tables, dialect)
    assessed.push({ name: migration.name, hazards: [...hazards, ...notShown(migration)] })
    if (!isOneRun) tables.settle()
  }
  return assessed
}

function notShown({ reads = [], stopped }: MigrationStatements): Hazard[] {
  const [statement = ''] = reads
  const notes: Hazard[] = []
  if (reads.length > 0)
    notes.push({
      kind: 'note',
      statement,
      what: 'It reads rows, and gets none here: what depends on them is not shown.',
    })
  if (stopped !== undefined) {
    const reason = messageOf(stopped)
    notes.push({ kind: 'note', statement, what: `It ended early, and what follows is not shown: ${reason}` })
  }
  return notes
}
