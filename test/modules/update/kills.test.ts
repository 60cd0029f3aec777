/** An update that is killed anywhere is finished or undone by the next start, also when that is killed in turn. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { runLimber } from '../../support/run-limber.ts'
import { openShop, type ShopApplication, shopFolder } from '../support/shop.ts'

const KILLER = fileURLToPath(new URL('../support/kill-at-step.ts', import.meta.url))
const RECOVER = ['module', 'disable', 'shop', '--dry-run']
const isDeep = Boolean(process.env.LIMBER_TEST_DEEP)
const seed = Number(process.env.LIMBER_TEST_SEED ?? 8)

const update = (source: string) => ['module', 'update', 'shop', '--from', source]

async function runAndKill(shop: ShopApplication, argv: readonly string[], kill?: number) {
  const steps = path.join(path.dirname(shop.root), `${path.basename(shop.root)}-steps`)
  const env = {
    LIMBER_TEST_FOLDER: shop.root,
    ...(kill === undefined ? { LIMBER_TEST_STEPS: steps } : { LIMBER_TEST_KILL: String(kill) }),
  }
  const ended = await runLimber(argv, { cwd: shop.root, env, nodeOptions: ['--import', KILLER] })
  return { ...ended, steps: kill === undefined ? readFileSync(steps, 'utf8').trimEnd().split('\n') : [] }
}

const stateOf = async (shop: ShopApplication) => ({
  code: shop.code(),
  data: await shop.dump(),
  enabled: shop.enabled(),
  leftovers: shop.leftovers(),
})

/** Every step, or some that are spread by chance over all of them: the same with the same seed. */
function chosen(steps: number, count: number): number[] {
  if (isDeep) return Array.from({ length: steps }, (_, index) => index + 1)
  let state = seed
  const random = () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
  const width = steps / count
  return Array.from({ length: count }, (_, index) =>
    Math.max(1, Math.floor(index * width + random() * width)),
  )
}

describe(`an update that is killed (seed ${seed})`, () => {
  it('is finished or undone by the next start', { timeout: 3_600_000 }, async () => {
    const source = shopFolder({ version: '1.3.0' })
    const first = await openShop()
    const [before, whole] = [await stateOf(first), first.copy()]
    const { code, stderr, steps } = await runAndKill(whole, update(source))
    expect(code, stderr).toBe(0)
    const after = await stateOf(whole)
    const outcomes = new Set<string>()
    for (const point of chosen(steps.length, 5)) {
      const shop = first.copy()
      const killed = await runAndKill(shop, update(source), point)
      expect(killed.signal, `${point} of ${steps.length}: ${killed.stderr}`).toBe('SIGKILL')
      await shop.succeed(...RECOVER)
      const state = await stateOf(shop)
      const isFinished = (state.enabled as { version: string }).version === '1.3.0'
      outcomes.add(isFinished ? 'finished' : 'undone')
      // What was fetched before the journal began is replaced by the next update.
      const { leftovers, ...rest } = isFinished ? after : before
      expect(state, `killed before ${point}: ${steps[point - 1]}`).toMatchObject(rest)
      expect(state.leftovers.filter((name) => !name.endsWith('.fetched'))).toEqual(leftovers)
      if (!isFinished) await shop.succeed(...update(source))
      expect(await stateOf(shop), `again after ${point}`).toEqual(after)
    }
    if (isDeep) expect(outcomes).toEqual(new Set(['finished', 'undone']))
  })

  it('is undone as well when undoing is killed', { timeout: 3_600_000 }, async () => {
    const source = shopFolder({ version: '1.3.0' })
    const shop = await openShop()
    const before = await stateOf(shop)
    const { steps } = await runAndKill(shop.copy(), update(source))
    const migrating = steps.findLastIndex((step) => step.includes('update customer set points')) + 2
    const { signal } = await runAndKill(shop, update(source), migrating)
    expect(signal).toBe('SIGKILL')
    const undoing = await runAndKill(shop.copy(), RECOVER)
    expect(undoing.code, undoing.stderr).toBe(0)
    for (const point of chosen(undoing.steps.length, 3)) {
      const each = shop.copy()
      await runAndKill(each, RECOVER, point)
      await each.succeed(...RECOVER)
      expect(await stateOf(each), `undoing killed before ${undoing.steps[point - 1]}`).toEqual(before)
    }
  })
})
