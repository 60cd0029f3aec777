/** An update that is killed anywhere is finished or undone by the next start, also when that is killed in turn: on every database. */
import { describe, expect, it } from 'vitest'
import { grounds } from '../support/grounds.ts'
import { type ShopOn, shopOn, versionOn } from '../support/shop-on.ts'

const isDeep = Boolean(process.env.LIMBER_TEST_DEEP)
const seed = Number(process.env.LIMBER_TEST_SEED ?? 8)
/** At most, in each part of the long run: a hundred and more would take an hour. */
const DEEP = Number(process.env.LIMBER_TEST_POINTS ?? 15)

const START = ['module', 'list', '--json']
const update = (source: string) => ['module', 'update', 'shop', '--from', source]

/** Points that are spread by chance over all steps: the same with the same seed. */
function chosen(steps: number, few: number): number[] {
  const count = Math.min(steps, isDeep ? DEEP : few)
  let state = seed
  const random = () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
  const width = steps / count
  return Array.from({ length: count }, (_, index) => 1 + Math.floor(index * width + random() * width))
}

// Every day on one of them; where every change of the schema is committed takes longest.
const ground = (await grounds()).slice(0, isDeep ? undefined : 1)

describe.each(ground)(`an update on $title that is killed (seed ${seed})`, (ground) => {
  it('is finished or undone by the next start, also when that is killed in turn', {
    timeout: 3_600_000,
  }, async () => {
    const source = versionOn(ground)
    const whole = await shopOn(ground)
    const before = await whole.state()
    const { code, stderr, steps } = await whole.kill(update(source))
    expect(code, stderr).toBe(0)
    const after = await whole.state()
    expect(after).not.toEqual(before)
    let shop = await shopOn(ground)
    const outcomes = { finished: 0, undone: 0 }
    for (const point of chosen(steps.length, 1)) {
      const where = `killed before ${point} of ${steps.length}: ${steps[point - 1]}`
      const killed = await shop.kill(update(source), point)
      expect(killed.signal, `${where} ${killed.stderr}`).toBe('SIGKILL')
      const { leftovers, ...state } = await started(shop, where)
      // What was fetched before the journal began is replaced by the next update, as is a journal that was half written.
      expect(
        (leftovers as string[]).filter((name) => !/\.(fetched|next|new)$/.test(name)),
        where,
      ).toEqual([])
      const isFinished = Reflect.get(Object(state.enabled), 'version') === '1.3.0'
      const { leftovers: _, ...wanted } = isFinished ? after : before
      expect(state, where).toEqual(wanted)
      outcomes[isFinished ? 'finished' : 'undone']++
      if (isFinished) shop = await shopOn(ground)
    }
    const migrating = steps.findLastIndex((step) => step.includes('update customer set points')) + 2
    expect((await shop.kill(update(source), migrating)).signal).toBe('SIGKILL')
    const undoing = await shop.kill(START)
    expect([undoing.code, await shop.state()], undoing.stderr).toEqual([0, before])
    const end = undoing.steps.findLastIndex((step) => step.includes('updates/shop.json')) + 1
    for (const point of chosen(end, 1)) {
      await shop.kill(update(source), migrating)
      const where = `undoing killed before ${point} of ${end}: ${undoing.steps[point - 1]}`
      expect((await shop.kill(START, point)).signal, where).toBe('SIGKILL')
      expect(await started(shop, where), where).toEqual(before)
    }
    const again = await shop.shop.update(source)
    expect(again.code, again.stderr).toBe(0)
    expect(await shop.state()).toEqual(after)
    if (isDeep) console.info(`${ground.title}: ${steps.length} steps, ${end} of undoing;`, outcomes)
  })
})

/** The state behind the next start, with which the module is loaded. */
async function started(shop: ShopOn, where: string) {
  const next = await shop.run(...START)
  expect(next.code, `${where} ${next.stderr}`).toBe(0)
  expect(JSON.parse(next.stdout), where).toMatchObject([{ name: 'shop', state: 'loaded', reason: null }])
  return shop.state()
}
