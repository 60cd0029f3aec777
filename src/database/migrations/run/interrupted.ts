/** @module Migrations that stopped among their statements: nothing else is done before they are over. */
import { MigrationInterruptedError } from './errors.ts'
import type { Direction, Progress } from './progress.ts'

/**
 * @param resume whether to go on behind statements that were carried out before
 * @throws {MigrationInterruptedError}
 */
export function refuseInterrupted(
  interrupted: ReadonlyMap<string, Progress>,
  direction: Direction,
  resume: boolean | undefined,
): void {
  for (const [name, progress] of interrupted) {
    if (progress.direction === direction && (resume || goesOnByItself(progress))) continue
    throw new MigrationInterruptedError(name, progress)
  }
}

/** Batches know their rows; a statement has only its place in the file, which somebody may have changed. */
function goesOnByItself({ done, started }: Progress): boolean {
  return done.length === 0 && started === undefined
}
