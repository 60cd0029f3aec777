/** @module Holds a test to the number of queries that its code may run. */
import { AssertionError } from 'node:assert'
import { queriesOf } from '../database/insight/query-counter.ts'

/**
 * Runs a function and fails unless it runs exactly so many queries. Beginning and ending transactions does not count;
 * whatever else the process asks its databases meanwhile does.
 *
 * @throws {AssertionError} which lists the queries
 * @example
 * ```ts
 * import { assertQueryCount, createTestApplication } from 'limber/testing'
 *
 * await using test = await createTestApplication({ seed: 'database' })
 * await assertQueryCount(2, () => test.inject({ method: 'GET', url: '/books' }))
 * ```
 */
export async function assertQueryCount(expected: number, fn: () => unknown): Promise<void> {
  const queries = await queriesOf(fn)
  if (queries.length === expected) return
  const list = queries.map((sql, index) => `  ${index + 1}. ${sql}`).join('\n')
  throw new AssertionError({
    message: `${expected} queries were expected, ${queries.length} ran:\n${list}`,
    actual: queries.length,
    expected,
    operator: 'assertQueryCount',
  })
}
