/** @module Runs the behaviours of one path of deleting, reading or writing on every database. */
import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest'
import type { Path } from './paths.ts'
import { databases, openWorld, type World } from './world.ts'

export type Behaviours = Readonly<Record<string, (world: World) => Promise<void>>>

/**
 * @param path one of those in the table of docs/soft-delete.md
 * @param behaviours what it does, by its sentence; each begins with empty tables
 */
export async function describePath(path: Path, behaviours: Behaviours): Promise<void> {
  for (const database of await databases()) {
    describe(`${path} on ${database.title}`, () => {
      let world: World
      beforeAll(async () => {
        world = await openWorld(database)
      })
      beforeEach(() => world.clear())
      afterAll(() => world[Symbol.asyncDispose]())
      for (const [sentence, run] of Object.entries(behaviours)) it(sentence, () => run(world))
    })
  }
}

/** The ways in which the ORM loads relations. */
export const STRATEGIES = ['joined', 'select-in', 'balanced'] as const
export type Strategy = (typeof STRATEGIES)[number]

/** The same behaviours for each loading strategy. */
export function eachStrategy(
  behaviours: Readonly<Record<string, (world: World, strategy: Strategy) => Promise<void>>>,
): Behaviours {
  return Object.fromEntries(
    Object.entries(behaviours).flatMap(([sentence, run]) =>
      STRATEGIES.map(
        (strategy) => [`${sentence} (${strategy})`, (world: World) => run(world, strategy)] as const,
      ),
    ),
  )
}
