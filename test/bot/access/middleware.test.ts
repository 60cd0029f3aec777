import { type BotMiddleware, BotMiddlewareError, BotNextError, type IncomingUpdate } from 'limber/bot'
import { expect, test } from 'vitest'
import { loadMiddleware, runMiddleware } from './internals.ts'
import { openWorld } from './world.ts'

const incoming = async () => {
  const { incomingOf, make } = await openWorld()
  return incomingOf(make.message(make.user(), 'x'))
}

type Handle = BotMiddleware['handle']
class Around implements BotMiddleware {
  readonly #handle: Handle
  constructor(handle: Handle) {
    this.#handle = handle
  }
  handle(incoming: IncomingUpdate, next: () => Promise<void>) {
    return this.#handle(incoming, next)
  }
}
const stack = (...handles: Handle[]) => handles.map((handle) => new Around(handle))

test('the first one is outermost', async () => {
  const steps: string[] = []
  const noting =
    (name: string): Handle =>
    async (_, next) => {
      steps.push(`${name} in`)
      await next()
      steps.push(`${name} out`)
    }
  await runMiddleware(
    stack(noting('a'), noting('b')),
    await incoming(),
    async () => void steps.push('handler'),
  )
  expect(steps).toEqual(['a in', 'b in', 'handler', 'b out', 'a out'])
  await runMiddleware([], await incoming(), async () => void steps.push('alone'))
  expect(steps.at(-1)).toBe('alone')
})

test('whoever does not go on has handled the update', async () => {
  let reached = 0
  await runMiddleware(
    stack(() => undefined),
    await incoming(),
    async () => void reached++,
  )
  expect(reached).toBe(0)
})

test('going on twice is an error, and runs the handler once', async () => {
  let reached = 0
  const twice: Handle = async (_, next) => {
    await next()
    await next()
  }
  const run = runMiddleware(stack(twice), await incoming(), async () => void reached++)
  await expect(run).rejects.toBeInstanceOf(BotNextError)
  await expect(run).rejects.toThrow('The middleware Around called next() twice.')
  expect(reached).toBe(1)
})

test('going on when it was over is an error', async () => {
  let late: (() => Promise<void>) | undefined
  const keeping: Handle = (_, next) => {
    late = next
  }
  await runMiddleware(stack(keeping), await incoming(), async () => undefined)
  expect(() => late?.()).toThrow('called next() when it was over')
})

test('what is not awaited is waited for, and its failure is not lost', async () => {
  const gate = Promise.withResolvers<void>()
  const careless: Handle = (_, next) => void next()
  let isOver = false
  const run = runMiddleware(stack(careless), await incoming(), () => gate.promise).finally(() => {
    isOver = true
  })
  await new Promise(setImmediate)
  expect(isOver).toBe(false)
  gate.reject(new Error('the handler fails'))
  await expect(run).rejects.toThrow('the handler fails')
})

test('a failure that was caught fails the update all the same; another error may stand in for it', async () => {
  const failing = () => Promise.reject(new Error('the handler fails'))
  const swallowing: Handle = (_, next) => next().catch(() => undefined)
  await expect(runMiddleware(stack(swallowing), await incoming(), failing)).rejects.toThrow(
    'the handler fails',
  )
  const translating: Handle = (_, next) =>
    next().catch(() => {
      throw new Error('in other words')
    })
  await expect(runMiddleware(stack(translating), await incoming(), failing)).rejects.toThrow('in other words')
})

test('a list gives its classes in order; what is no middleware is told', async () => {
  const lazy = async () => ({ Around, other: 1 })
  expect(await loadMiddleware([Around, lazy])).toEqual([Around, Around])
  class Nothing {}
  class Generates {
    async *handle() {
      yield 'nothing of it would run'
    }
  }
  const failing = () => Promise.reject(new Error('there is no such file'))
  for (const entry of [Nothing, Generates, async () => ({}), failing])
    await expect(loadMiddleware([entry])).rejects.toBeInstanceOf(BotMiddlewareError)
})
