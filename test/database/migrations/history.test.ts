/** A generated history of changes of models, over tables with rows, goes forwards, back, and forwards again. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Choices } from './history/choices.ts'
import { historyDatabases } from './history/databases.ts'
import { KINDS } from './history/kinds.ts'
import { play, type Tally } from './history/play.ts'
import type { PlannedChange } from './history/steps.ts'
import { World } from './history/world.ts'

const { LIMBER_TEST_DEEP: isDeep, CI: isContinuous, LIMBER_TEST_SEED: given } = process.env
/** In each round every kind has its turn once. */
const ROUNDS = isDeep ? 10 : 1
const RANDOM = isDeep ? 40 : 0
const WANTED = isDeep ? 5 : 1
const LENGTH = isDeep ? 7 : 11
// In CI a change is told from chance; the deep run looks for what is not known yet.
const seed = Number(given ?? (isContinuous && !isDeep ? 41 : Date.now() % 2 ** 31))

const anyChange = fc.record<PlannedChange>({ kind: fc.constantFrom(...KINDS), seed: fc.nat() })
const anyStep = fc.array(anyChange, { minLength: 1, maxLength: 3 })
const anyHistory = fc.array(anyStep, { minLength: 1, maxLength: 2 * LENGTH, size: 'max' })

/** Histories in which every kind occurs, one at a time. */
function rounds(): [PlannedChange[][]][] {
  const choices = new Choices(seed)
  return Array.from({ length: ROUNDS }, () => {
    const changes = choices.shuffled(KINDS).map((kind) => [{ kind, seed: choices.below(2 ** 31) }])
    return Array.from({ length: Math.ceil(KINDS.length / LENGTH) }, (_, part): [PlannedChange[][]] => [
      changes.slice(part * LENGTH, (part + 1) * LENGTH),
    ])
  }).flat()
}

for (const database of await historyDatabases()) {
  describe(database.title, () => {
    test(`each change of the models applies, reverts and applies again (LIMBER_TEST_SEED=${seed})`, {
      timeout: 3_600_000,
    }, async () => {
      const world = await World.open(database)
      const tally: Tally = new Map()
      const examples = rounds()
      const property = fc.asyncProperty(anyHistory, (history) =>
        play(world, history, tally, isDeep ? 'each' : 'last'),
      )
      await fc.assert(property, { seed, examples, numRuns: examples.length + RANDOM })
      const rare = KINDS.filter((kind) => (tally.get(kind) ?? 0) < WANTED)
      expect(rare, `kinds that were applied less than ${WANTED} times`).toEqual([])
    })
  })
}
