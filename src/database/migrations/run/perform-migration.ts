/** @module Does the work of one migration, forwards or back: who calls it says what becomes of the statements. */
import { attemptAll } from '../../../errors/attempt-all.ts'
import type { MigrationClass } from '../migration.ts'
import { MigrationWork, type WorkFacts } from './migration-work.ts'
import type { Direction } from './progress.ts'

/** Ends when every statement has, also those that the migration has not awaited: nothing of it runs behind its transaction. */
export async function performMigration(
  type: MigrationClass,
  direction: Direction,
  facts: WorkFacts,
): Promise<void> {
  const work = new MigrationWork(facts)
  const failures = await attemptAll([
    async () => {
      try {
        await new type(work)[direction]()
      } catch (error) {
        // What waits for its turn would not have been reached.
        work.end()
        throw error
      }
    },
    () => work.settled(),
  ])
  if (failures.length > 0) throw failures[0]
}
