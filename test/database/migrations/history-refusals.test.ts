/** A change that the rows do not permit is refused, and then nothing has changed: also not half of what came with it. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isThere, POSTGRES } from '../support/servers.ts'
import { Choices } from './history/choices.ts'
import { onServer, SQLITE } from './history/databases.ts'
import { copyOf, fillNewColumns, isAccepted } from './history/description.ts'
import { expectSame } from './history/differences.ts'
import { initialState } from './history/initial.ts'
import { CHANGES } from './history/kinds.ts'
import { begin, check } from './history/play.ts'
import { REFUSALS } from './history/refusals.ts'
import { World } from './history/world.ts'

const { LIMBER_TEST_DEEP: isDeep, CI: isContinuous, LIMBER_TEST_SEED: given } = process.env
const RUNS = isDeep ? 10 : 1
const seed = Number(given ?? (isContinuous && !isDeep ? 41 : Date.now() % 2 ** 31))
const ATTEMPTS = 30

// It is not asked of MariaDB, which commits each statement, and gives rows a value that a required column has no default for.
const databases = (await isThere(POSTGRES)) ? [SQLITE, onServer(POSTGRES)] : [SQLITE]
for (const database of databases) {
  describe(database.title, () => {
    test.each(Object.entries(REFUSALS))(
      `%s (LIMBER_TEST_SEED=${seed})`,
      {
        timeout: 600_000,
      },
      async (_what, refuse) => {
        const world = await World.open(database)
        let refused = 0
        const property = fc.asyncProperty(fc.nat(), async (number) => {
          const choices = new Choices(number)
          const state = initialState()
          await world.begin()
          const schema = await begin(world, state, choices)
          for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
            const next = copyOf(state)
            // It comes first, or last: that is for the diff to say.
            const added = CHANGES['new column'](next, choices)
            // The refusal may be about it: its default is what the rows have then.
            fillNewColumns(next)
            const words = [added, refuse(next, choices)]
            if (words.includes(undefined) || !isAccepted(next)) continue
            await world.with(next, async (steps) => {
              await steps.run('makemigrations', '-m', 'change')
              await expect(steps.run('migrate'), words.join(', and ')).rejects.toThrow(
                'LIMBER_MIGRATION_FAILED',
              )
            })
            await check(world, state, `rows after ${words.join(', and ')}`)
            expectSame('the schema', await world.schema(), schema)
            refused++
            return
          }
        })
        await fc.assert(property, { seed, numRuns: RUNS })
        expect(refused).toBe(RUNS)
      },
    )
  })
}
