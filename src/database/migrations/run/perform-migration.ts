/** @module Does the work of one migration, forwards or back: who calls it says what becomes of the statements. */
import type { MigrationClass } from '../migration.ts'
import { MigrationWork, type WorkFacts } from './migration-work.ts'
import type { Direction } from './progress.ts'

/** Ends when every statement has, also those that the migration has not awaited. */
export async function performMigration(
  type: MigrationClass,
  direction: Direction,
  facts: WorkFacts,
): Promise<void> {
  const work = new MigrationWork(facts)
  await new type(work)[direction]()
  await work.settled()
}
