import type { Update, User } from 'grammy/types'
import { LimberError } from 'limber'
import { BotTokenError } from 'limber/bot'
import { describe, expect, onTestFinished, test } from 'vitest'
import { faults } from '../../support/bot-api-server.ts'
import { openApi, PollingLoop } from './internals.ts'
import { openTransport } from './opened.ts'

class AwayError extends LimberError {
  readonly code = 'TEST_AWAY'
  readonly kind = 'unavailable'
}
class UnreadableError extends LimberError {
  readonly code = 'TEST_UNREADABLE'
  readonly kind = 'malformed'
}

type Handle = (update: Update) => Promise<unknown>

/** A loop that runs until the test ends, and the texts that it had handled, in order. */
async function startPolling(before: Handle = async () => undefined) {
  const { server, api, log, lines } = await openTransport()
  const texts: string[] = []
  const begin = () => {
    const loop = new PollingLoop({
      api,
      apiRoot: server.apiRoot,
      kinds: () => ['message'],
      log,
      pauses: { first: 5, longest: 50 },
      handle: async (update) => {
        await before(update)
        texts.push(update.message?.text ?? '')
      },
    })
    const ended = loop.run()
    ended.catch(() => undefined)
    onTestFinished(() => loop.stop())
    return { loop, ended }
  }
  const logged = (message: string) => lines.filter((line) => line.includes(message)).length
  return { server, api, texts, logged, begin, ...begin() }
}

function gate() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { open: resolve, passed: promise }
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

test('every update is handled once, in order within each chat, and confirmed only afterwards', async () => {
  const handled: number[] = []
  const early: number[] = []
  const { server, loop, ended } = await startPolling(async ({ update_id: id }) => {
    early.push(...server.receiving.queue.confirmed.filter((confirmed) => !handled.includes(confirmed)))
    // Some take longer than others that came later.
    for (let turns = id % 7; turns > 0; turns--) await new Promise(setImmediate)
    handled.push(id)
  })
  const users = numbers(20).map(() => server.make.user())
  const sent = numbers(400).map((index) => server.write(users[(7 * index) % 20] as User, `${index}`))
  await server.until(() => handled.length >= sent.length)
  loop.stop()
  await ended
  expect(handled.toSorted((a, b) => a - b)).toEqual(sent.map(({ update_id }) => update_id))
  expect(early).toEqual([])
  const chatOf = new Map(sent.map(({ update_id, message }) => [update_id, message?.chat.id]))
  for (const { id } of users) {
    const inChat = handled.filter((update) => chatOf.get(update) === id)
    expect(inChat).toEqual(inChat.toSorted((a, b) => a - b))
  }
  expect(server.waiting).toEqual([])
})

test('one slow chat holds up nobody else, up to what the Bot API gives at once', async () => {
  const slow = gate()
  const { server, texts } = await startPolling(({ message }) =>
    message?.text === 'slow' ? slow.passed : Promise.resolve(),
  )
  const [ada, emma] = [server.make.user(), server.make.user()]
  server.write(ada, 'slow')
  const others = numbers(99).map((index) => `${index}`)
  for (const text of others) server.write(emma, text)
  await server.until(() => texts.length === 99)
  expect(texts).toEqual(others)
  for (const text of ['more', 'and more']) server.write(emma, text)
  slow.open()
  await server.until(() => texts.length === 102)
  expect(texts.slice(99)).toEqual(['slow', 'more', 'and more'])
})

test('an update that comes while another one is handled does not wait for it', async () => {
  const slow = gate()
  const { server, texts } = await startPolling(({ message }) =>
    message?.text === 'slow' ? slow.passed : Promise.resolve(),
  )
  server.write(server.make.user(), 'slow')
  await server.until(() => server.receiving.polls > 1)
  server.write(server.make.user(), 'quick')
  await server.until(() => texts.includes('quick'))
  slow.open()
  await server.until(() => server.waiting.length === 0)
  expect(texts).toEqual(['quick', 'slow'])
})

test('what is not handled is tried again before the later ones of its chat; what cannot be read is left out', async () => {
  let faultsLeft = 3
  const { server, texts, logged } = await startPolling(async ({ message }) => {
    if (message?.text === 'first' && faultsLeft-- > 0) throw new AwayError('The database is away.')
    if (message?.text === 'broken') throw new UnreadableError('It is broken.')
  })
  const user = server.make.user()
  for (const text of ['first', 'second', 'broken', 'third']) server.write(user, text)
  await server.until(() => server.waiting.length === 0)
  expect(texts).toEqual(['first', 'second', 'third'])
  expect(logged('an update is not handled yet')).toBe(3)
  expect(logged('an update cannot be read')).toBe(1)
})

describe('when nothing can be asked for', () => {
  test('a second poller is told by name, and the loop goes on when it has gone', async () => {
    const { server, api, texts, logged } = await startPolling()
    await server.until(() => server.receiving.isPolled)
    const other = api.getUpdates({ timeout: 30 }).catch(() => undefined)
    await server.until(() => logged('PollingConflictError') > 0)
    expect(logged('make sure that only one bot instance is running')).toBe(1)
    expect(logged('limber bot webhook delete')).toBe(1)
    await other
    server.write(server.make.user(), 'still here')
    await server.until(() => texts.length === 1)
  })

  test('a webhook is told by name, and the loop goes on when it is deleted', async () => {
    const { server, api, texts, logged } = await startPolling()
    await server.until(() => server.receiving.isPolled)
    await api.setWebhook('http://127.0.0.1:1/nowhere')
    server.write(server.make.user(), 'posted or polled')
    await server.until(() => server.log.attempts.filter(({ method }) => method === 'getUpdates').length > 3)
    expect(texts).toEqual([])
    await api.deleteWebhook()
    await server.until(() => texts.length === 1)
    expect(logged('PollingConflictError')).toBe(1)
    expect(logged('updates can be asked for again')).toBe(1)
  })

  test('a network that is away is logged once, and nothing is lost when it comes back', async () => {
    const { server, texts, logged } = await startPolling()
    const user = server.make.user()
    server.write(user, 'before')
    await server.until(() => texts.length === 1)
    await server.close()
    server.write(user, 'meanwhile')
    await server.until(() => logged('no updates can be asked for') === 1)
    await server.open()
    await server.until(() => texts.length === 2)
    expect(texts).toEqual(['before', 'meanwhile'])
    expect(logged('no updates can be asked for')).toBe(1)
    expect(logged('updates can be asked for again')).toBe(1)
    expect(logged(server.token)).toBe(0)
  })

  test('faults of the Bot API are survived', async () => {
    const { server, texts } = await startPolling()
    for (const fault of [faults.serverError, 'drop', faults.tooMany(0), 'lost'] as const)
      server.fail('getUpdates', fault)
    server.write(server.make.user(), 'through all of it')
    await server.until(() => server.waiting.length === 0)
    expect(texts).toEqual(['through all of it'])
  })

  test('a token that is refused ends the loop', async () => {
    const { server, ended } = await startPolling()
    server.fail('getUpdates', { code: 401, description: 'Unauthorized' })
    server.write(server.make.user(), 'ends the poll that is waiting')
    await expect(ended).rejects.toBeInstanceOf(BotTokenError)
  })
})

describe('a stop', () => {
  test('gives up the poll that is waiting', async () => {
    const { server, loop, ended } = await startPolling()
    await server.until(() => server.receiving.isPolled)
    loop.stop()
    await ended
    await server.until(() => !server.receiving.isPolled)
  })

  test('waits for what is being handled and confirms it; the rest comes again at the next start', async () => {
    const slow = gate()
    const begun: string[] = []
    const { server, texts, loop, ended, begin } = await startPolling(({ message }) => {
      begun.push(message?.text ?? '')
      return message?.text === 'slow' ? slow.passed : Promise.resolve()
    })
    const user = server.make.user()
    const [first, next] = [server.write(user, 'slow'), server.write(user, 'next')]
    await server.until(() => begun.length === 1)
    loop.stop()
    slow.open()
    await ended
    expect(texts).toEqual(['slow'])
    expect(server.receiving.queue.confirmed).toEqual([first.update_id])
    expect(server.waiting).toEqual([next.update_id])
    begin()
    await server.until(() => server.waiting.length === 0)
    expect(texts).toEqual(['slow', 'next'])
  })

  test('does not wait for what fails again and again', async () => {
    const { server, loop, ended, logged } = await startPolling(async () => {
      throw new AwayError('The database is away.')
    })
    const { update_id } = server.write(server.make.user(), 'later')
    await server.until(() => logged('an update is not handled yet') > 1)
    loop.stop()
    await ended
    expect(server.waiting).toEqual([update_id])
  })
})

test('a Bot API that answers without waiting leaves time for everything else', async () => {
  const fetch = async () => Response.json({ ok: true, result: [] })
  const api = await openApi({ apiRoot: 'http://127.0.0.1:1', fetch }, '1:token')
  const { log } = await openTransport()
  const loop = new PollingLoop({ api, apiRoot: '', kinds: () => [], log, handle: async () => undefined })
  const ended = loop.run()
  // No timer would ever be due in a loop that only waits for answers that are there.
  await new Promise((resolve) => setTimeout(resolve, 1))
  loop.stop()
  await ended
})
