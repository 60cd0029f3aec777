import { execFile } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const { LIMBER_TEST_DEEP: isDeep } = process.env
const REQUESTS = isDeep ? 200_000 : 2000

/** What a request may leave behind: less than two pointers. */
const BYTES_PER_REQUEST = 10

/** What a window may add all the same: compiled code and caches, which in a short run hide what is less than a request. */
const WARMTH = 100_000

interface Soaked {
  readonly heaps: readonly number[]
  readonly open: number
  readonly statuses: Readonly<Record<string, number>>
}

/** Runs in a process of its own: this one has a test runner in its heap. */
async function soak(requests: number, leak = 0): Promise<Soaked> {
  const start = `
    import { registerTypeScript } from ${JSON.stringify(pathToFileURL('bin/typescript-hooks.js'))}
    registerTypeScript({ conditions: ['limber:source'] })
    await import(${JSON.stringify(pathToFileURL('test/http/soak/run-requests.ts'))})`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', '--input-type=module', '--eval', start],
    { env: { ...process.env, SOAK_REQUESTS: String(requests), SOAK_LEAK: String(leak), NODE_OPTIONS: '' } },
  )
  return JSON.parse(stdout)
}

/** The straight line nearest to the points: its slope in bytes per window, and how sure that is. */
function line(heaps: readonly number[]): { slope: number; error: number } {
  const middle = (heaps.length - 1) / 2
  const spread = sum(heaps.map((_, window) => (window - middle) ** 2))
  const slope = sum(heaps.map((heap, window) => (window - middle) * heap)) / spread
  const mean = sum(heaps) / heaps.length
  const rest = sum(heaps.map((heap, window) => (heap - mean - slope * (window - middle)) ** 2))
  return { slope, error: Math.sqrt(rest / (heaps.length - 2) / spread) }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

test(`${REQUESTS} requests of all kinds leave neither memory nor scopes nor transactions behind`, {
  timeout: 1_800_000,
}, async () => {
  const { heaps, open, statuses } = await soak(REQUESTS)
  expect(open).toBe(0)
  expect(Object.keys(statuses).sort()).toEqual(['200', '400', '404', '422', '500', 'gone'])
  const { slope, error } = line(heaps)
  // What is not more than twice the uncertainty of the line is noise.
  const allowed = (REQUESTS / heaps.length) * BYTES_PER_REQUEST + 2 * error + WARMTH
  const figures = `heap after each window: ${heaps.join(', ')}; slope ${slope.toFixed(0)} ± ${error.toFixed(0)}, ${JSON.stringify(statuses)}`
  if (isDeep) console.info(figures)
  expect(slope, figures).toBeLessThan(allowed)
})

test.runIf(isDeep)(
  '100 bytes that each request left behind would be seen',
  { timeout: 1_800_000 },
  async () => {
    // A tenth of the requests with ten times as much: each window grows by as much as in the whole run.
    const requests = REQUESTS / 10
    const { heaps } = await soak(requests, 1000)
    const { slope, error } = line(heaps)
    expect(slope).toBeGreaterThan((requests / heaps.length) * BYTES_PER_REQUEST + 2 * error + WARMTH)
  },
)
