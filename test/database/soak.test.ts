import { execFile } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const { LIMBER_TEST_DEEP: isDeep, CI: isContinuous } = process.env
const SCOPES = isDeep ? 200_000 : isContinuous ? 20_000 : 5_000

/** What a scope may leave behind: less than a pointer. */
const BYTES_PER_SCOPE = 4

interface Soaked {
  readonly heaps: readonly number[]
  readonly timers: number
  readonly listeners: number
}

/** Runs in a process of its own: this one has a test runner in its heap. */
async function soak(scopes: number): Promise<Soaked> {
  const start = `
    import { registerTypeScript } from ${JSON.stringify(pathToFileURL('bin/typescript-hooks.js'))}
    registerTypeScript({ conditions: ['limber:source'] })
    await import(${JSON.stringify(pathToFileURL('test/database/soak/run-scopes.ts'))})`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', '--input-type=module', '--eval', start],
    { env: { ...process.env, SOAK_SCOPES: String(scopes), NODE_OPTIONS: '' } },
  )
  return JSON.parse(stdout)
}

/** The slope of the straight line nearest to the points, in bytes per window. */
function slope(heaps: readonly number[]): number {
  const middle = (heaps.length - 1) / 2
  const rises = heaps.map((heap, window) => (window - middle) * heap)
  const runs = heaps.map((_, window) => (window - middle) ** 2)
  return sum(rises) / sum(runs)
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

test(`${SCOPES} scopes leave neither memory nor timers nor listeners behind`, {
  timeout: 600_000,
}, async () => {
  const { heaps, timers, listeners } = await soak(SCOPES)
  expect([timers, listeners]).toEqual([0, 0])
  // Compiled code and caches still move a little; what a scope holds would show many times over.
  const allowed = Math.max(60_000, (SCOPES / heaps.length) * BYTES_PER_SCOPE)
  expect(slope(heaps), `heap after each window: ${heaps.join(', ')}`).toBeLessThan(allowed)
})
