/** @module What a file of a module consists of and imports: other files of it, and code from outside. */
import type { Namespace } from './script.ts'

export interface Unit {
  /** What it exports, which may be read once it has run. */
  readonly exports: Namespace
  readonly dependencies: readonly Unit[]
  /** Its place among all that were loaded: whatever it imports comes first, unless they import each other. */
  order: number | undefined
  /**
   * Runs it once; later calls give the same promise.
   *
   * @param open the units whose code waits for this one to run
   */
  run(open: ReadonlySet<Unit>): Promise<void>
}

/** Lists units in the order in which ES modules are evaluated: what is imported first, from the first import to the last. */
export function inOrder(root: Unit, seen = new Set<Unit>()): Unit[] {
  if (seen.has(root)) return []
  seen.add(root)
  return [...root.dependencies.flatMap((unit) => inOrder(unit, seen)), root]
}

/** Runs a unit and all that it imports. Units in `open` wait for it, and are not waited for. */
export async function runAll(root: Unit, open: ReadonlySet<Unit>): Promise<void> {
  // Two that import each other run in the same order, whichever of them is asked for first.
  const units = inOrder(root).sort((one, other) => (one.order ?? 0) - (other.order ?? 0))
  for (const unit of units) if (!open.has(unit)) await unit.run(open)
}
