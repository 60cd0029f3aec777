/** @module A generated history of changes of models, over tables with rows, goes forwards, back, and forwards again. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Choices } from './choices.ts'
import type { HistoryDatabase } from './databases.ts'
import { KINDS } from './kinds.ts'
import { play, type Tally } from './play.ts'
import type { PlannedChange } from './steps.ts'
import { World } from './world.ts'

const { LIMBER_TEST_DEEP: isDeep, CI: isContinuous, LIMBER_TEST_SEED: given } = process.env
/** In each round every kind has its turn once. */
const ROUNDS = isDeep ? 6 : 1
const WANTED = isDeep ? 5 : 1
const LENGTH = isDeep ? 7 : 11
// In CI a change is told from chance; the deep run looks for what is not known yet.
const seed = Number(given ?? (isContinuous && !isDeep ? 41 : Date.now() % 2 ** 31))

const anyChange = fc.record<PlannedChange>({ kind: fc.constantFrom(...KINDS), seed: fc.nat() })
const anyStep = fc.array(anyChange, { minLength: 1, maxLength: 3 })
const anyHistory = fc.array(anyStep, { minLength: 1, maxLength: LENGTH, size: 'max' })

/** @param random how many histories the deep run makes up besides those that have every kind */
export function describeHistory(database: HistoryDatabase, random: number): void {
  describe(database.title, () => {
    test(`each change of the models applies, reverts and applies again (LIMBER_TEST_SEED=${seed})`, {
      timeout: 3_600_000,
    }, async () => {
      const world = await World.open(database)
      const tally: Tally = new Map()
      const examples = rounds()
      const churn = isDeep ? 'each' : 'last'
      const property = fc.asyncProperty(anyHistory, (history) => play(world, history, tally, churn))
      await fc.assert(property, { seed, examples, numRuns: examples.length + (isDeep ? random : 0) })
      const rare = KINDS.filter((kind) => (tally.get(kind) ?? 0) < WANTED)
      expect(rare, `kinds that were applied less than ${WANTED} times`).toEqual([])
    })
  })
}

/** Histories in which every kind occurs, one at a time. */
function rounds(): [PlannedChange[][]][] {
  const choices = new Choices(seed)
  return Array.from({ length: ROUNDS }, () => {
    const changes = choices
      .shuffled(KINDS)
      .map((kind): PlannedChange[] => [{ kind, seed: choices.below(2 ** 31) }])
    return Array.from({ length: Math.ceil(KINDS.length / LENGTH) }, (_, part): [PlannedChange[][]] => [
      changes.slice(part * LENGTH, (part + 1) * LENGTH),
    ])
  }).flat()
}
