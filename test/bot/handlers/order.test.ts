import * as fc from 'fast-check'
import { CommandConflictError } from 'limber/bot'
import { expect, test } from 'vitest'
import { HandlerTable, type RegisteredHandler } from './internals.ts'
import { CHATS, handler, messageOf, taker } from './updates.ts'

const { LIMBER_TEST_DEEP: isDeep, CI: isContinuous, LIMBER_TEST_SEED: given } = process.env
const RUNS = isDeep ? 20_000 : isContinuous ? 2_000 : 1_000
const seed = Number(given ?? (isContinuous && !isDeep ? 41 : Date.now() % 2 ** 31))

test('a command with a state comes first, then a command, then a state, then the rest', async () => {
  const all = [
    handler({ name: 'any' }),
    handler({ name: 'state', options: { state: 'asked' } }),
    handler({ name: 'command', options: { commands: ['go'] } }),
    handler({ name: 'both', options: { commands: ['go'], state: 'asked' } }),
  ]
  const go = messageOf({ text: '/go' }).message
  const hello = messageOf({ text: 'hello' }).message
  expect(await taker(all, go, { '': 'asked' })).toBe('both')
  expect(await taker(all, go)).toBe('command')
  expect(await taker(all, hello, { '': 'asked' })).toBe('state')
  expect(await taker(all, hello)).toBe('any')
  expect(await taker(all, messageOf({ text: '/other' }).message, { '': 'asked' })).toBe('state')
})

test('the application comes before modules, and these in the order in which they were loaded', async () => {
  const table = new HandlerTable()
  const nameOf = async () =>
    (await table.match(messageOf({}).message, async () => undefined))?.name ?? 'nobody'
  const shop = table.add([handler({ name: 'shop', module: 'shop' })])
  table.add([handler({ name: 'bank', module: 'bank' })])
  expect(await nameOf()).toBe('shop')
  const own = table.add([handler({ name: 'own' })])
  expect(await nameOf()).toBe('own')
  own()
  shop()
  expect(await nameOf()).toBe('bank')
  table.add([handler({ name: 'shop again', module: 'shop' })])
  expect(await nameOf()).toBe('bank')
})

type Owner = string | undefined

interface Sketch {
  readonly name: number
  readonly module: string | undefined
  readonly command: string | undefined
  readonly state: string | undefined
  readonly chat: 'private' | 'group' | undefined
  readonly text: string | undefined
}

const orNot = (...values: readonly string[]) => fc.constantFrom(undefined, undefined, ...values)
const sketch = fc.record({
  module: orNot('shop', 'bank'),
  command: orNot('go', 'stop'),
  state: orNot('one', 'two'),
  chat: fc.constantFrom(undefined, undefined, 'private' as const, 'group' as const),
  text: orNot('/go', 'hello'),
})
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ add: fc.array(sketch, { minLength: 1, maxLength: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ remove: fc.nat(6) }) },
)
const sent = fc.record({
  text: fc.constantFrom('/go', '/stop', '/GO@shop_bot x', '/go@other', 'hello', '/else'),
  chat: fc.constantFrom('private' as const, 'group' as const),
  states: fc.record({ '': orNot('one', 'two'), shop: orNot('one', 'two'), bank: orNot('one') }),
})
type Sent = { text: string; chat: 'private' | 'group'; states: Record<string, string | undefined> }

const COMMANDS: Readonly<Record<string, string>> = {
  '/go': 'go',
  '/stop': 'stop',
  '/GO@shop_bot x': 'go',
  '/else': 'else',
}

/**
 * The slow and plain way: whoever fits, with a rank for each.
 *
 * @param owners the application, then the modules, each since it has had handlers
 */
function oracle(all: readonly Sketch[], owners: readonly Owner[], { text, chat, states }: Sent) {
  const fitting = all.filter(
    (each) =>
      (each.command === undefined || each.command === COMMANDS[text]) &&
      (each.state === undefined || each.state === states[each.module ?? '']) &&
      (each.chat === undefined || each.chat === chat) &&
      (each.text === undefined || each.text === text),
  )
  const rank = (each: Sketch) =>
    (each.command ? 0 : 2000) +
    (each.state ? 0 : 1000) +
    owners.indexOf(each.module) * 100 +
    all.filter(({ module }) => module === each.module).indexOf(each)
  return fitting.toSorted((a, b) => rank(a) - rank(b))[0]?.name.toString()
}

/** Whether two sketches are told apart by nothing. */
function areTwins(a: Sketch, b: Sketch): boolean {
  const isSameOrAny = a.chat === b.chat || a.chat === undefined || b.chat === undefined
  const isSameState = a.state === b.state && (a.state === undefined || a.module === b.module)
  return a.command !== undefined && a.command === b.command && isSameOrAny && isSameState
}

function registered({ name, module, command, state, chat, text }: Sketch): RegisteredHandler {
  return handler({
    name: String(name),
    module,
    options: {
      ...(command !== undefined && { commands: [command] }),
      ...(state !== undefined && { state }),
      ...(chat !== undefined && { chats: [chat] }),
      ...(text !== undefined && { text }),
    },
  })
}

test('whatever comes and goes, an update is taken by whom the rules name', async () => {
  const holds = fc.asyncProperty(
    fc.array(step, { minLength: 1, maxLength: 8 }),
    fc.array(sent, { minLength: 1, maxLength: 6 }),
    async (steps, updates) => {
      const table = new HandlerTable()
      let known: Sketch[] = []
      let owners: Owner[] = [undefined]
      const groups: { readonly own: readonly Sketch[]; readonly remove: () => void }[] = []
      let last = 0
      for (const each of steps) {
        if ('remove' in each) {
          const [group] = groups.splice(each.remove % Math.max(1, groups.length), 1)
          group?.remove()
          known = known.filter((one) => !group?.own.includes(one))
          owners = owners.filter((owner) => !owner || known.some(({ module }) => module === owner))
          continue
        }
        const own = each.add.map((one) => ({ ...one, name: ++last }))
        const isRefused = own.some((one, at) =>
          [...known, ...own.slice(0, at)].some((two) => areTwins(one, two)),
        )
        const add = () => table.add(own.map(registered))
        if (isRefused) expect(add).toThrow(CommandConflictError)
        else {
          groups.push({ own, remove: add() })
          known.push(...own)
          owners = [...new Set([...owners, ...own.map(({ module }) => module)])]
        }
      }
      for (const update of updates) {
        const { message } = messageOf({ text: update.text, chat: CHATS[update.chat] })
        const taken = await table.match(message, async (module = '') => update.states[module as 'shop'])
        expect(taken?.name).toBe(oracle(known, owners, update))
      }
    },
  )
  await fc.assert(holds, { seed, numRuns: RUNS })
})
