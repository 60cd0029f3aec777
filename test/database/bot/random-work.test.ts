import * as fc from 'fast-check'
import type { StoredCall, UpdateStore } from 'limber'
import { expect, test } from 'vitest'
import { databases, openBot } from './bot-databases.ts'

const { LIMBER_TEST_DEEP: isDeep, CI: isContinuous, LIMBER_TEST_SEED: given } = process.env
const RUNS = isDeep ? 500 : isContinuous ? 50 : 20
// In CI a change is told from chance; the deep run looks for what is not known yet.
const seed = Number(given ?? (isContinuous && !isDeep ? 11 : Date.now() % 2 ** 31))

type Write =
  | { readonly do: 'record'; readonly update: number; readonly calls: number; readonly hold: number }
  | { readonly do: 'write state'; readonly chat: number; readonly life: number | undefined }
  | { readonly do: 'remove state'; readonly chat: number }
type Step =
  | { readonly do: 'unit'; readonly writes: readonly Write[]; readonly fails: boolean }
  | { readonly do: 'note'; readonly update: number; readonly made: number }
  | { readonly do: 'drop'; readonly update: number }
  | { readonly do: 'take'; readonly hold: number; readonly limit: number }
  | { readonly do: 'prune'; readonly age: number }

const id = fc.nat({ max: 5 })
const hold = fc.integer({ min: 1, max: 4 })
const write: fc.Arbitrary<Write> = fc.oneof(
  fc.record({ do: fc.constant('record' as const), update: id, calls: fc.nat({ max: 3 }), hold }),
  fc.record({ do: fc.constant('write state' as const), chat: id, life: fc.option(hold, { nil: undefined }) }),
  fc.record({ do: fc.constant('remove state' as const), chat: id }),
)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('unit' as const),
    writes: fc.array(write, { maxLength: 4 }),
    fails: fc.boolean(),
  }),
  fc.record({ do: fc.constant('note' as const), update: id, made: fc.nat({ max: 4 }) }),
  fc.record({ do: fc.constant('drop' as const), update: id }),
  fc.record({ do: fc.constant('take' as const), hold, limit: fc.nat({ max: 3 }) }),
  fc.record({ do: fc.constant('prune' as const), age: fc.nat({ max: 6 }) }),
)

interface Handled {
  calls: readonly StoredCall[]
  made: number
  handledAt: number
  heldUntil: number
}

/** What the store should have: the same in plain maps. */
class Expected {
  updates = new Map<number, Handled>()
  states = new Map<number, { readonly name: string; readonly expiresAt: number | undefined }>()

  copy(): Expected {
    const copy = new Expected()
    copy.updates = new Map([...this.updates].map(([key, value]) => [key, { ...value }]))
    copy.states = new Map(this.states)
    return copy
  }

  /** Gives whether it was possible. */
  write(step: Write, now: number): boolean {
    if (step.do === 'remove state') this.states.delete(step.chat)
    else if (step.do === 'write state')
      this.states.set(step.chat, { name: `at ${now}`, expiresAt: endOf(step, now) })
    else {
      if (this.updates.has(step.update)) return false
      const calls = callsOf(step.calls, now)
      this.updates.set(step.update, { calls, made: 0, handledAt: now, heldUntil: now + step.hold })
    }
    return true
  }

  take(now: number, until: number, limit: number): object[] {
    const due = [...this.updates].filter(
      ([, { calls, made, heldUntil }]) => made < calls.length && heldUntil <= now,
    )
    const taken = due.toSorted(([a], [b]) => a - b).slice(0, limit)
    for (const [, handled] of taken) handled.heldUntil = until
    return taken.map(([update, { calls, made, handledAt }]) => ({ bot: 1, update, calls, made, handledAt }))
  }

  prune(before: number, now: number): void {
    for (const [update, { calls, made, handledAt }] of this.updates)
      if (handledAt < before && made >= calls.length) this.updates.delete(update)
    for (const [chat, { expiresAt }] of this.states)
      if (expiresAt !== undefined && expiresAt <= now) this.states.delete(chat)
  }
}

const callsOf = (count: number, now: number): StoredCall[] =>
  Array.from({ length: count }, (_, index) => ({ method: 'm', payload: { now, index } }))
const endOf = ({ life }: { readonly life: number | undefined }, now: number) =>
  life === undefined ? undefined : now + life
const stateKey = (chat: number) => ({ bot: 1, module: '', chat: -chat, user: 1 })

function apply(store: UpdateStore, step: Write, now: number): Promise<void> {
  if (step.do === 'record') {
    const calls = callsOf(step.calls, now)
    return store.record({ bot: 1, update: step.update }, calls, now, now + step.hold)
  }
  const state =
    step.do === 'write state' ? { name: `at ${now}`, data: {}, expiresAt: endOf(step, now) } : undefined
  return store.writeState(stateKey(step.chat), state)
}

test.each(databases)(
  `any work leaves what it should on $title (LIMBER_TEST_SEED=${seed}, ${RUNS} runs)`,
  {
    timeout: isDeep ? 600_000 : 60_000,
  },
  async ({ create }) => {
    const { store, unit, rows } = await openBot(await create())
    const runUnit = async (expected: Expected, { writes, fails }: Step & { do: 'unit' }, now: number) => {
      const after = expected.copy()
      const isPossible = writes.every((one) => after.write(one, now)) && !fails
      const working = unit(async () => {
        for (const one of writes) await apply(store, one, now)
        if (fails) throw new Error('no')
      })
      expect(
        await working.then(
          () => true,
          () => false,
        ),
      ).toBe(isPossible)
      return isPossible ? after : expected
    }
    const property = fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      await rows('delete from limber_bot_updates')
      await rows('delete from limber_bot_states')
      let expected = new Expected()
      for (const [now, one] of steps.entries()) {
        if (one.do === 'unit') expected = await runUnit(expected, one, now)
        else if (one.do === 'note') {
          await store.noteMade({ bot: 1, update: one.update }, one.made)
          const handled = expected.updates.get(one.update)
          if (handled) handled.made = Math.max(handled.made, one.made)
        } else if (one.do === 'drop') {
          await store.dropCalls({ bot: 1, update: one.update })
          const handled = expected.updates.get(one.update)
          if (handled) handled.calls = []
        } else if (one.do === 'take')
          expect(await store.takeWaiting(1, now, now + one.hold, one.limit)).toEqual(
            expected.take(now, now + one.hold, one.limit),
          )
        else {
          await store.prune(1, now - one.age, now)
          expected.prune(now - one.age, now)
        }
      }
      const now = steps.length
      for (let each = 0; each <= 5; each++) {
        expect(await store.isHandled({ bot: 1, update: each })).toBe(expected.updates.has(each))
        const state = expected.states.get(each)
        const isOver = state?.expiresAt !== undefined && state.expiresAt <= now
        expect(await store.state(stateKey(each), now)).toEqual(
          state && !isOver ? { ...state, data: {} } : undefined,
        )
      }
      // Each that waits still has what the others left.
      expect(await store.takeWaiting(1, now + 9, now + 99, 99)).toEqual(expected.take(now + 9, now + 99, 99))
    })
    await fc.assert(property, { seed, numRuns: RUNS })
  },
)
