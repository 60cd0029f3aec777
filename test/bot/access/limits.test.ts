import type { IncomingUpdate } from 'limber/bot'
import { BotLimiterMissingError, InvalidRuleError } from 'limber/bot'
import { memoryStore } from 'limber/cache'
import { expect, test } from 'vitest'
import { requireLimiter } from './internals.ts'
import { handlerOf, openWorld } from './world.ts'

const LIMIT = 'LIMBER_BOT_LIMIT'
const FORBIDDEN = 'LIMBER_BOT_FORBIDDEN'
const many = <T>(count: number, make: () => T) => Array.from({ length: count }, make)
const count = (of: readonly unknown[], what: unknown) => of.filter((each) => each === what).length

test('of 64 calls at once, as many pass as the limit says, for each user', async () => {
  const { admits, make } = await openWorld()
  const handler = handlerOf({ limit: { max: 5, window: 10_000 } })
  const [ada, eve] = [make.user(), make.user()]
  const calls = many(64, () => [ada, eve]).flat()
  const outcomes = await Promise.all(calls.map((user) => admits(handler, make.message(user, '/ban'))))
  expect([count(outcomes, true), count(outcomes, LIMIT)]).toEqual([10, 118])
})

test('the limit of a chat is shared by all who write there', async () => {
  const { admits, make } = await openWorld()
  const handler = handlerOf({ limit: { max: 7, window: 10_000, per: 'chat' } })
  const [one, other] = [make.group(), make.group()]
  const updates = many(64, () => [one, other])
    .flat()
    .map((chat) => make.message(make.user(), '/ban', { chat }))
  const outcomes = await Promise.all(updates.map((update) => admits(handler, update)))
  expect(count(outcomes, true)).toBe(14)
})

test('a limit begins anew when its window is over, and says when that is', async () => {
  const { admission, admits, incomingOf, make, clock } = await openWorld()
  const handler = handlerOf({ limit: { max: 1, window: 90_000 } })
  const user = make.user()
  expect(await admits(handler, make.message(user, '/ban'))).toBe(true)
  clock.time += 60_000
  await expect(admission.admit(handler, incomingOf(make.message(user, '/ban')))).rejects.toMatchObject({
    kind: 'too-many',
    retryAfter: 30_000,
    publicMessage: 'That was too often. Try again in 30 seconds.',
  })
  clock.time += 30_000
  expect(await admits(handler, make.message(user, '/ban'))).toBe(true)
})

test('who is refused for a role has not used the limit up', async () => {
  const { admits, make } = await openWorld({ roles: { moderator: [12] } })
  const handler = handlerOf({ allowedFor: 'moderator', limit: { max: 1, window: 10_000, per: 'chat' } })
  const chat = make.group()
  const from = (id: number) => make.message(make.user({ id }), '/ban', { chat })
  const refused = await Promise.all(many(20, () => admits(handler, from(13))))
  expect(count(refused, FORBIDDEN)).toBe(20)
  expect([await admits(handler, from(12)), await admits(handler, from(12))]).toEqual([true, LIMIT])
})

test('handlers, also of the same name in two modules, are counted apart', async () => {
  const { admits, make } = await openWorld()
  const limit = { max: 1, window: 10_000 }
  const handlers = [
    handlerOf({ limit }),
    handlerOf({ limit }, 'Kick'),
    { ...handlerOf({ limit }), module: 'shop' },
  ]
  const user = make.user()
  for (const handler of handlers) expect(await admits(handler, make.message(user, '/x'))).toBe(true)
  for (const handler of handlers) expect(await admits(handler, make.message(user, '/x'))).toBe(LIMIT)
})

test('an update whose unit of work is begun again is counted once', async () => {
  const { admits, make } = await openWorld()
  const handler = handlerOf({ limit: { max: 2, window: 10_000 } })
  const user = make.user()
  const update = make.message(user, '/ban')
  for (let attempt = 0; attempt < 4; attempt++) expect(await admits(handler, update)).toBe(true)
  expect(await admits(handler, make.message(user, '/ban'))).toBe(true)
  expect(await admits(handler, make.message(user, '/ban'))).toBe(LIMIT)
})

test('a limit without anything that counts is told at boot, with what to do', async () => {
  const { admission, app } = await openWorld({ cache: false })
  const check = () => admission.check([handlerOf({ limit: { max: 1, window: 1 } }, 'Profile')])
  expect(check).toThrow(BotLimiterMissingError)
  expect(check).toThrow('Nothing counts updates, and Profile has a limit.')
  expect(() => requireLimiter(app)).toThrow(BotLimiterMissingError)
  expect(hintOf(() => requireLimiter(app))).toMatch(/CacheServiceProvider.*flood: false/)
  const without = await openWorld({ cache: false, flood: false })
  requireLimiter(without.app)
  without.admission.check([handlerOf({})])
})

test('a limit that cannot be is told at boot', async () => {
  const { admission } = await openWorld()
  const check = () => admission.check([handlerOf({ limit: { max: 0, window: 1 } })])
  expect(check).toThrow(InvalidRuleError)
})

test('a user who floods is told once, then ignored until the window is over; others are served', async () => {
  const { flood, incomingOf, make, clock } = await openWorld({ flood: { max: 10, window: 10_000 } })
  const gate = flood()
  const [eve, ada] = [make.user(), make.user()]
  const of = (user: typeof eve): IncomingUpdate => incomingOf(make.message(user, 'x'))
  const verdicts = await Promise.all(many(64, () => gate.pass(of(eve))))
  expect([count(verdicts, 'pass'), count(verdicts, 'answer'), count(verdicts, 'drop')]).toEqual([10, 1, 53])
  expect(await gate.pass(of(ada))).toBe('pass')
  clock.time += 10_000
  expect(await gate.pass(of(eve))).toBe('pass')
})

test('two processes tell a user who floods once together', async () => {
  const world = await openWorld({ flood: { max: 10, window: 10_000 } })
  const gates = [world.flood(), world.flood()]
  const eve = world.make.user()
  const updates = many(64, () => world.incomingOf(world.make.message(eve, 'x')))
  const verdicts = await Promise.all(updates.map((incoming, at) => gates[at % 2]?.pass(incoming)))
  expect([count(verdicts, 'pass'), count(verdicts, 'answer')]).toEqual([10, 1])
})

test('without a limit everything passes, and so does what no user has sent', async () => {
  const { flood, incomingOf, make } = await openWorld({ flood: false, cache: false })
  const user = make.user()
  for (let at = 0; at < 50; at++) expect(await flood().pass(incomingOf(make.message(user, 'x')))).toBe('pass')
  const limited = await openWorld({ flood: { max: 1, window: 10_000 } })
  const gate = limited.flood()
  const poll = { id: '1', question: '?', options: [], total_voter_count: 0 }
  const update = limited.make.update({ poll } as never)
  for (let at = 0; at < 5; at++) expect(await gate.pass(limited.incomingOf(update))).toBe('pass')
})

test('while the store of the limiter is away, users are served and the log says so once', async () => {
  const broken = { ...memoryStore(), name: 'broken' }
  const driver: typeof broken = {
    ...broken,
    open: async (facts) => {
      const store = await memoryStore().open(facts)
      return Object.assign(store, { increment: () => Promise.reject(new Error('the store is away')) })
    },
  }
  const { flood, incomingOf, make, lines } = await openWorld({
    cache: driver,
    flood: { max: 1, window: 10_000 },
  })
  const gate = flood()
  for (let at = 0; at < 5; at++)
    expect(await gate.pass(incomingOf(make.message(make.user(), 'x')))).toBe('pass')
  expect(lines.map(({ msg }) => msg)).toEqual([
    'The store that counts updates does not answer: they pass uncounted.',
  ])
})

function hintOf(check: () => void): string | undefined {
  try {
    check()
  } catch (error) {
    return (error as { hint?: string }).hint
  }
  return undefined
}
