import * as fc from 'fast-check'
import type { Update, User } from 'grammy/types'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { BotApiServer, faults } from '../../support/bot-api-server.ts'
import { openApi, PollingLoop } from './internals.ts'

const { LIMBER_TEST_DEEP: isDeep, CI: isContinuous, LIMBER_TEST_SEED: given } = process.env
const RUNS = isDeep ? 300 : isContinuous ? 30 : 15
// In CI a change is told from chance; the deep run looks for what is not known yet.
const seed = Number(given ?? (isContinuous && !isDeep ? 41 : Date.now() % 2 ** 31))

const USERS = 4
const silent = pino({ level: 'silent' })

type Step =
  /** A user writes, and the update fails so often before it is handled. */
  | { readonly is: 'write'; readonly user: number; readonly failures: number; readonly turns: number }
  | { readonly is: 'burst'; readonly user: number; readonly count: number }
  | { readonly is: 'fault'; readonly fault: 'drop' | 'lost' | 'error' | 'conflict' }
  | { readonly is: 'outage' }
  | { readonly is: 'restart' }
  | { readonly is: 'settle' }

const user = fc.nat({ max: USERS - 1 })
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      is: fc.constant('write' as const),
      user,
      failures: fc.nat({ max: 2 }),
      turns: fc.nat({ max: 20 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      is: fc.constant('burst' as const),
      user,
      count: fc.integer({ min: 40, max: 130 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant('fault' as const),
      fault: fc.constantFrom('drop' as const, 'lost' as const, 'error' as const, 'conflict' as const),
    }),
  },
  { weight: 3, arbitrary: fc.constantFrom<Step>({ is: 'outage' }, { is: 'restart' }, { is: 'settle' }) },
)

const FAULTS = {
  drop: 'drop',
  lost: 'lost',
  error: faults.serverError,
  conflict: { code: 409, description: 'Conflict: terminated by other getUpdates request' },
} as const

test('whatever happens, every update is handled, once by each start, in order within its chat', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), check), {
    seed,
    numRuns: RUNS,
    endOnFailure: true,
  })
}, 600_000)

async function check(steps: readonly Step[]): Promise<void> {
  const server = new BotApiServer()
  await server.open()
  const run = new Run(server)
  try {
    await run.start()
    for (const each of steps) await run.take(each)
    await server.until(() => run.sent.every(({ update_id }) => run.handled.has(update_id)), 'all are handled')
    await run.stop()
    run.expectAll()
  } finally {
    await run.stop()
    await server.close()
  }
}

class Run {
  readonly sent: Update[] = []
  /** How often each update was handled. */
  readonly handled = new Map<number, number>()
  readonly #server: BotApiServer
  readonly #users: User[]
  readonly #order: number[] = []
  readonly #plans = new Map<number, { failures: number; turns: number }>()
  readonly #early: number[] = []
  readonly #twice: number[] = []
  #loop: { stop(): void } | undefined
  #ended: Promise<void> | undefined

  constructor(server: BotApiServer) {
    this.#server = server
    this.#users = Array.from({ length: USERS }, () => server.make.user())
  }

  async start(): Promise<void> {
    const { apiRoot, token } = this.#server
    const mine = new Set<number>()
    const loop = new PollingLoop({
      api: await openApi({ apiRoot }, token),
      apiRoot,
      kinds: () => ['message'],
      log: silent,
      pauses: { first: 1, longest: 8 },
      handle: (update) => this.#handle(update.update_id, mine),
    })
    this.#loop = loop
    this.#ended = loop.run()
  }

  async stop(): Promise<void> {
    this.#loop?.stop()
    await this.#ended
  }

  async take(each: Step): Promise<void> {
    const server = this.#server
    if (each.is === 'write') this.#write(each.user, each)
    if (each.is === 'burst')
      for (let left = each.count; left > 0; left--) this.#write(each.user, { failures: 0, turns: 0 })
    if (each.is === 'fault') server.fail('getUpdates', FAULTS[each.fault])
    if (each.is === 'outage') await server.close().then(() => server.open())
    if (each.is === 'restart') await this.stop().then(() => this.start())
    if (each.is === 'settle') await server.until(() => server.waiting.length === 0, 'nothing waits')
  }

  expectAll(): void {
    expect(this.#early).toEqual([])
    expect(this.#twice).toEqual([])
    const chats = new Map(this.sent.map(({ update_id, message }) => [update_id, message?.chat.id]))
    for (const { id } of this.#users) {
      const first = this.#order.filter((update) => chats.get(update) === id)
      expect(first).toEqual(first.toSorted((a, b) => a - b))
    }
  }

  #write(index: number, plan: { readonly failures: number; readonly turns: number }): void {
    const writer = this.#users[index]
    if (!writer) throw new Error(`There is no user ${index}.`)
    // The plan is there before the update can come.
    const update = this.#server.make.message(writer, 'hello')
    this.#plans.set(update.update_id, { ...plan })
    this.sent.push(update)
    this.#server.send(update)
  }

  async #handle(id: number, mine: Set<number>): Promise<void> {
    const plan = this.#plans.get(id) ?? { failures: 0, turns: 0 }
    for (let turn = 0; turn < plan.turns; turn++) await new Promise(setImmediate)
    if (plan.failures-- > 0) throw new Error('Not yet.')
    if (mine.has(id)) this.#twice.push(id)
    mine.add(id)
    if (!this.handled.has(id)) this.#order.push(id)
    this.handled.set(id, (this.handled.get(id) ?? 0) + 1)
    const { confirmed } = this.#server.receiving.queue
    this.#early.push(...confirmed.slice(-200).filter((each) => !this.handled.has(each)))
  }
}
