import type { HandlerOptions } from 'limber/bot'
import { describe, expect, it, test } from 'vitest'
import { HandlerTable } from './internals.ts'
import { ADA, CHATS, handler, incomingOf, type Kind, messageOf, queryOf, taker } from './updates.ts'

/** Whether a handler with these options takes an update. */
const takes = async (options: HandlerOptions, { incoming }: ReturnType<typeof incomingOf>, state?: string) =>
  (await taker([handler({ name: 'it', kinds: [incoming.kind], options })], incoming, { '': state })) === 'it'

const message = (facts: Parameters<typeof messageOf>[0]) => {
  const { message: incoming, replies } = messageOf(facts)
  return { incoming, replies }
}
const query = (facts: object) => {
  const { query: incoming, replies } = queryOf(facts)
  return { incoming, replies }
}

test('a handler takes the kinds that it says', async () => {
  const handlers = [handler({ name: 'new' }), handler({ name: 'edited', kinds: ['edited_message', 'poll'] })]
  const nameFor = (kind: Kind) => taker(handlers, incomingOf(kind, { chat: CHATS.private }).incoming)
  expect(await nameFor('message')).toBe('new')
  expect(await nameFor('edited_message')).toBe('edited')
  expect(await nameFor('poll')).toBe('edited')
  expect(await nameFor('channel_post')).toBeUndefined()
  const table = new HandlerTable()
  table.add(handlers)
  expect(table.kinds).toEqual(['message', 'edited_message', 'poll'])
})

describe('text', () => {
  it('is compared as a whole', async () => {
    expect(await takes({ text: 'yes' }, message({ text: 'yes' }))).toBe(true)
    expect(await takes({ text: 'yes' }, message({ caption: 'yes' }))).toBe(true)
    for (const text of ['yes ', 'Yes', 'yess', 'oh yes', '']) {
      expect(await takes({ text: 'yes' }, message({ text })), text).toBe(false)
    }
    expect(await takes({ text: 'yes' }, message({}))).toBe(false)
  })

  it('matches an expression somewhere, and one of a list', async () => {
    expect(await takes({ text: /es/ }, message({ text: 'yes' }))).toBe(true)
    expect(await takes({ text: /^es/ }, message({ text: 'yes' }))).toBe(false)
    expect(await takes({ text: ['no', /^y/] }, message({ text: 'yes' }))).toBe(true)
    expect(await takes({ text: ['no', 'ye'] }, message({ text: 'yes' }))).toBe(false)
    expect(await takes({ text: /^$/ }, message({}))).toBe(false)
  })

  it('is looked for from its start, whatever the expression has found before', async () => {
    const [global, sticky] = [/yes/g, /yes/y]
    global.lastIndex = 3
    for (let round = 0; round < 3; round += 1) {
      expect(await takes({ text: global }, message({ text: 'yes' }))).toBe(true)
      expect(await takes({ text: sticky }, message({ text: 'yes' }))).toBe(true)
      expect(await takes({ text: sticky }, message({ text: 'oh yes' }))).toBe(false)
    }
    expect([global.lastIndex, sticky.lastIndex]).toEqual([3, 0])
  })
})

test('content is what a message carries, one of which is enough', async () => {
  const photo = message({ photo: [], caption: 'x' })
  expect(await takes({ content: ['photo'] }, photo)).toBe(true)
  expect(await takes({ content: ['video', 'photo'] }, photo)).toBe(true)
  expect(await takes({ content: ['video'] }, photo)).toBe(false)
})

test('chats are the types of the chats that it takes', async () => {
  const options: HandlerOptions = { chats: ['group', 'supergroup'] }
  expect(await takes(options, message({ chat: CHATS.group }))).toBe(true)
  expect(await takes(options, message({ chat: CHATS.supergroup }))).toBe(true)
  expect(await takes(options, message({ chat: CHATS.private }))).toBe(false)
  expect(await takes(options, query({}))).toBe(false)
  expect(await takes({ chats: ['private'] }, query({}))).toBe(true)
  expect(await takes({ chats: ['private'] }, query({ message: undefined }))).toBe(false)
})

test('data is that of a callback query', async () => {
  expect(await takes({ data: 'buy' }, query({ data: 'buy' }))).toBe(true)
  expect(await takes({ data: /^buy:/g }, query({ data: 'buy:1' }))).toBe(true)
  expect(await takes({ data: 'buy' }, query({ data: 'buy:1' }))).toBe(false)
  expect(await takes({ data: /.*/ }, query({}))).toBe(false)
})

test('query is that of an inline query, and of a chosen result', async () => {
  const inline = (text: string) => incomingOf('inline_query', { id: 'i', from: ADA, query: text, offset: '' })
  const chosen = (text: string) =>
    incomingOf('chosen_inline_result', { result_id: 'r', from: ADA, query: text })
  expect(await takes({ query: '' }, inline(''))).toBe(true)
  expect(await takes({ query: /emma/ }, inline('emma b'))).toBe(true)
  expect(await takes({ query: 'emma' }, chosen('emma'))).toBe(true)
  expect(await takes({ query: 'emma' }, chosen('emma b'))).toBe(false)
})

test('a state is that of the module of the handler', async () => {
  expect(await takes({ state: 'asked' }, message({}), 'asked')).toBe(true)
  expect(await takes({ state: ['other', 'asked'] }, message({}), 'asked')).toBe(true)
  expect(await takes({ state: /^ask/ }, message({}), 'asked')).toBe(true)
  expect(await takes({ state: 'asked' }, message({}), 'ask')).toBe(false)
  expect(await takes({ state: 'asked' }, message({}))).toBe(false)
  const handlers = ['shop', 'bank'].map((module) =>
    handler({ name: module, module, options: { state: 'asked' } }),
  )
  expect(await taker(handlers, message({}).incoming, { '': 'asked', bank: 'asked' })).toBe('bank')
})

describe('a filter', () => {
  it('is asked last, and may take its time', async () => {
    const asked: string[] = []
    const options: HandlerOptions = {
      text: 'yes',
      async filter(incoming) {
        asked.push(incoming.kind)
        return asked.length > 1
      },
    }
    expect(await takes(options, message({ text: 'no' }))).toBe(false)
    expect(asked).toEqual([])
    expect(await takes(options, message({ text: 'yes' }))).toBe(false)
    expect(await takes(options, message({ text: 'yes' }))).toBe(true)
  })

  it('that fails is not passed over', async () => {
    const filter = () => {
      throw new Error('no connection')
    }
    await expect(takes({ filter }, message({}))).rejects.toThrow('no connection')
  })
})

test('a state is read only where a handler depends on it, and once for each module', async () => {
  const asked: (string | undefined)[] = []
  const table = new HandlerTable()
  const state = { options: { state: 'asked' } }
  table.add([
    handler({ name: 'a', ...state, module: 'shop' }),
    handler({ name: 'b', ...state, module: 'shop' }),
    handler({ name: 'c', ...state }),
    handler({ name: 'd', kinds: ['callback_query'] }),
  ])
  const stateName = async (module: string | undefined) => {
    asked.push(module)
    return undefined
  }
  expect((await table.match(query({}).incoming, stateName))?.name).toBe('d')
  expect(asked).toEqual([])
  expect(await table.match(message({}).incoming, stateName)).toBeUndefined()
  expect(asked).toEqual([undefined, 'shop'])
})

test('a handler that goes while its filter is asked takes nothing any more', async () => {
  const table = new HandlerTable()
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const remove = table.add([handler({ name: 'going', module: 'shop', options: { filter: () => promise } })])
  table.add([handler({ name: 'staying', module: 'bank' })])
  const taken = table.match(message({}).incoming, async () => undefined)
  const first = table.add([handler({ name: 'other', options: { commands: ['other'] } })])
  remove()
  remove()
  first()
  resolve(true)
  expect((await taken)?.name).toBe('staying')
  expect(table.handlers.map(({ name }) => name)).toEqual(['staying'])
})
