import { execFile } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

interface Left {
  readonly resources: readonly string[]
  readonly heap: number
}

const ROUNDS = 200
/** How much more there may be after them, such as compiled code: an eighth of what their servers would be. */
const BYTES = 5_000_000

test(`${ROUNDS} rounds of loading and unloading leave neither handles nor old code behind, also where clients wait`, {
  timeout: 300_000,
}, async () => {
  // In a process of its own: this one has a test runner in its heap.
  const start = `
    import { registerTypeScript } from ${JSON.stringify(pathToFileURL('bin/typescript-hooks.js'))}
    registerTypeScript({ conditions: ['limber:source'] })
    await import(${JSON.stringify(pathToFileURL('test/http/modules/run-rounds.ts'))})`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', '--input-type=module', '--eval', start],
    { env: { ...process.env, ROUNDS: String(ROUNDS), NODE_OPTIONS: '' } },
  )
  const { before, after, alive, replies }: { before: Left; after: Left; alive: number[]; replies: string[] } =
    JSON.parse(stdout)
  expect(replies.sort()).toEqual(['new code', 'own'])
  expect(after.resources).toEqual(before.resources)
  expect(alive).toEqual([])
  expect(after.heap - before.heap).toBeLessThan(BYTES)
})
