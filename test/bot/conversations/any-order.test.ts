import fc from 'fast-check'
import { Conversation, type IncomingMessage } from 'limber/bot'
import { expect, test } from 'vitest'
import { openWorld } from '../access/world.ts'

const { LIMBER_TEST_DEEP: isDeep, LIMBER_TEST_SEED: given } = process.env
const seed = given === undefined ? Date.now() % 2 ** 31 : Number(given)
const EXPIRES = 1_000

/** Whoever talks says what the step does. */
function follow(this: Conversation, { text = '' }: IncomingMessage) {
  const [verb, step = ''] = text.split(' ')
  const call = (name: string, ...args: unknown[]) => Reflect.apply(Reflect.get(this, name), this, args)
  if (verb === 'throw' || verb === 'next-throw') {
    if (verb === 'next-throw') call('next', 'two', { lost: true })
    throw new Error('on purpose')
  }
  if (verb === 'next') call('next', step, { [step]: text })
  if (verb === 'end') call('end')
}

function conversation(name: string, expiresIn?: number) {
  abstract class Asking extends Conversation {
    static commands = [name.toLowerCase()]
    static expiresIn = expiresIn
  }
  Object.defineProperty(Asking, 'name', { value: name })
  Reflect.set(Asking.prototype, 'handle', function (this: Conversation, message: IncomingMessage) {
    // Behind the command stands what it does.
    Reflect.apply(follow, this, [{ text: message.command?.args }])
  })
  for (const step of ['one', 'two']) Reflect.set(Asking.prototype, step, follow)
  return Asking
}

interface Model {
  name: string
  step: string
  data: Record<string, string>
  until: number
}

const deeds = fc.constantFrom('next one', 'next two', 'end', 'stay', 'throw', 'next-throw')
const action = fc.oneof(
  { weight: 2, arbitrary: fc.record({ begin: fc.constantFrom('Alpha', 'Beta'), deed: deeds }) },
  { weight: 6, arbitrary: fc.record({ deed: deeds }) },
  { weight: 1, arbitrary: fc.constant({ cancel: true as const }) },
  { weight: 2, arbitrary: fc.record({ wait: fc.constantFrom(1, EXPIRES - 1, EXPIRES) }) },
)
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never

/** What should be, by rules of its own: a state that is only ever replaced, dropped, or let be. */
function oracle(model: Model | undefined, action: Action, now: number): Model | undefined {
  if ('wait' in action) return model
  const current = model && model.until > now ? model : undefined
  if ('cancel' in action) return undefined
  const begin = 'begin' in action ? action.begin : undefined
  const name = begin ?? current?.name
  if (name === undefined || action.deed.includes('throw')) return current
  const until = name === 'Alpha' ? now + EXPIRES : Number.POSITIVE_INFINITY
  const data = begin ? {} : (current?.data ?? {})
  const [verb, step = ''] = action.deed.split(' ')
  if (verb === 'next') return { name, step, data: { ...data, [step]: action.deed }, until }
  if (verb === 'stay' && !begin && current) return { ...current, until }
  return undefined
}

test(`conversations are where they should be after anything that users do (seed ${seed})`, async () => {
  const world = await openWorld()
  await world.load(conversation('Alpha', EXPIRES), conversation('Beta'))
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 25 }), async (actions) => {
      const user = world.make.user()
      let model: Model | undefined
      for (const each of actions) {
        if ('wait' in each) world.clock.time += each.wait
        else await world.send(world.make.message(user, textOf(each))).catch(onPurpose)
        model = oracle(model, each, world.clock.time)
        const { state } = world.incomingOf(world.make.message(user, ''))
        const current = model && model.until > world.clock.time ? model : undefined
        expect([await state.name(), await state.data()]).toEqual(
          current ? [`${current.name}#${current.step}`, current.data] : [undefined, {}],
        )
      }
    }),
    { seed, numRuns: isDeep ? 3_000 : 150 },
  )
})

function textOf(action: Exclude<Action, { wait: number }>): string {
  if ('cancel' in action) return '/cancel'
  return 'begin' in action ? `/${action.begin.toLowerCase()} ${action.deed}` : action.deed
}

function onPurpose(error: unknown) {
  expect(error).toMatchObject({ message: 'on purpose' })
}
