/** An update that is killed anywhere is finished or undone by the next start, also when that is killed in turn: on every database. */
import { describe, expect, it } from 'vitest'
import { grounds } from '../support/grounds.ts'
import { shopOn, versionOn } from '../support/shop-on.ts'

const isDeep = Boolean(process.env.LIMBER_TEST_DEEP)
const seed = Number(process.env.LIMBER_TEST_SEED ?? 8)
/** At most, in each part of the long run. */
const DEEP = Number(process.env.LIMBER_TEST_POINTS ?? 1_000)

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

describe.each(await grounds())(`an update on $title that is killed (seed ${seed})`, (ground) => {
  it('is finished or undone by the next start', { timeout: 3_600_000 }, async () => {
    const source = versionOn(ground)
    const whole = await shopOn(ground)
    const before = await whole.state()
    const { code, stderr, steps } = await whole.kill(update(source))
    expect(code, stderr).toBe(0)
    const after = await whole.state()
    expect(after).not.toEqual(before)
    let shop = await shopOn(ground)
    const outcomes = { finished: 0, undone: 0, early: 0 }
    for (const point of chosen(steps.length, 4)) {
      const where = `killed before ${point} of ${steps.length}: ${steps[point - 1]}`
      const killed = await shop.kill(update(source), point)
      expect(killed.signal, `${where} ${killed.stderr}`).toBe('SIGKILL')
      const next = await shop.run(...START)
      expect(next.code, `${where} ${next.stderr}`).toBe(0)
      const [listed] = JSON.parse(next.stdout)
      expect([listed.state, listed.reason], where).toEqual(['loaded', null])
      const { leftovers, ...state } = await shop.state()
      const isFinished = listed.version === '1.3.0'
      // What was fetched before the journal began is replaced by the next update, as is a journal that was half written.
      expect((leftovers as string[]).filter((name) => !/\.(fetched|new)$/.test(name))).toEqual([])
      expect(state, where).toEqual({
        code: (isFinished ? after : before).code,
        data: (isFinished ? after : before).data,
        enabled: (isFinished ? after : before).enabled,
      })
      const isTold = /was cut off|had been cut off|had been interrupted/.test(next.stderr + next.stdout)
      outcomes[isFinished ? 'finished' : isTold ? 'undone' : 'early']++
      if (isFinished) shop = await shopOn(ground)
    }
    console.info(`${ground.title}: ${steps.length} steps`, outcomes)
    const again = await shop.run(...update(source))
    expect(again.code, again.stderr).toBe(0)
    expect(await shop.state()).toEqual(after)
  })

  it('is undone as well when undoing is killed', { timeout: 3_600_000 }, async () => {
    const source = versionOn(ground)
    const shop = await shopOn(ground)
    const before = await shop.state()
    const { steps } = await (await shopOn(ground)).kill(update(source))
    const migrating = steps.findLastIndex((step) => step.includes('update customer set points')) + 2
    const cutOff = () => shop.kill(update(source), migrating)
    expect((await cutOff()).signal).toBe('SIGKILL')
    const undoing = await shop.kill(START)
    expect(undoing.code, undoing.stderr).toBe(0)
    expect(await shop.state()).toEqual(before)
    const end = undoing.steps.findLastIndex((step) => step.includes('updates/shop.json')) + 1
    for (const point of chosen(end, 2)) {
      await cutOff()
      const where = `undoing killed before ${point} of ${end}: ${undoing.steps[point - 1]}`
      expect((await shop.kill(START, point)).signal, where).toBe('SIGKILL')
      const next = await shop.run(...START)
      expect(next.code, `${where} ${next.stderr}`).toBe(0)
      expect(await shop.state(), where).toEqual(before)
    }
    console.info(`${ground.title}: ${end} steps of undoing`)
  })
})
