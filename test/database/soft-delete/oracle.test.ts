import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { playUnits } from './oracle/play.ts'
import { anyWork } from './oracle/steps.ts'
import { databases, openWorld, type World } from './world.ts'

const { LIMBER_TEST_DEEP: isDeep, CI: isContinuous, LIMBER_TEST_SEED: given } = process.env
const RUNS = isDeep ? 2_000 : isContinuous ? 100 : 30
// In CI a change is told from chance; the deep run looks for what is not known yet.
const seed = Number(given ?? (isContinuous && !isDeep ? 41 : Date.now() % 2 ** 31))

for (const database of await databases()) {
  describe(database.title, () => {
    let world: World
    beforeAll(async () => {
      world = await openWorld(database)
    })
    afterAll(() => world[Symbol.asyncDispose]())

    test(`rows, reads and memory are what the specification says after any work (LIMBER_TEST_SEED=${seed}, ${RUNS} runs)`, {
      timeout: 1_200_000,
    }, async () => {
      const property = fc.asyncProperty(anyWork, (work) => playUnits(world, work))
      await fc.assert(property, { seed, numRuns: RUNS })
    })
  })
}
