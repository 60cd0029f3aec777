/** @module Counts queries for tests. */

const counters = new Set<string[]>()

/** Notes a query for those who count. */
export function countQuery(sql: string): void {
  for (const counter of counters) counter.push(sql)
}

/** Runs a function and gives the queries that ran meanwhile in this process. */
export async function queriesOf(fn: () => unknown): Promise<string[]> {
  const counter: string[] = []
  counters.add(counter)
  try {
    await fn()
    return counter
  } finally {
    counters.delete(counter)
  }
}
