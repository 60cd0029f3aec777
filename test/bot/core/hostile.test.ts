/** Updates that nobody should send. */

import fc from 'fast-check'
import { BotUpdateError, type IncomingUpdate, UpdateHandler } from 'limber/bot'
import { expect, it } from 'vitest'
import { openWorld } from './support/bot-world.ts'

class Any extends UpdateHandler {
  static kinds = ['message', 'callback_query', 'inline_query'] as const

  handle(incoming: IncomingUpdate) {
    incoming.call('sendMessage', { chat_id: incoming.from?.id ?? 1, text: incoming.kind })
  }
}

const chat = { id: 1, type: 'private' }
const wrong: readonly (readonly [string, unknown, string])[] = [
  ['nothing', null, 'update is null'],
  ['a text', 'hello', 'update is "hello"'],
  ['a list', [], 'update is a list'],
  ['no number', { message: {} }, 'update.update_id is undefined'],
  ['a number below zero', { update_id: -1, message: {} }, 'update.update_id is -1'],
  ['half a number', { update_id: 1.5, message: {} }, 'update.update_id is 1.5'],
  ['no content', { update_id: 1 }, 'update is an object'],
  ['a message of text', { update_id: 1, message: 'hi' }, 'update.message is "hi"'],
  [
    'a message without chat',
    { update_id: 1, message: { message_id: 1 } },
    'update.message.chat.id is undefined',
  ],
  [
    'a chat of text',
    { update_id: 1, message: { message_id: 1, chat: { id: '1' } } },
    'update.message.chat.id is "1"',
  ],
  [
    'a sender of text',
    { update_id: 1, message: { message_id: 1, chat, from: 'me' } },
    'update.message.from.id is undefined',
  ],
  [
    'a text of numbers',
    { update_id: 1, message: { message_id: 1, chat, text: 5 } },
    'update.message.text is 5',
  ],
  [
    'a query of nobody',
    { update_id: 1, inline_query: { query: 'x' } },
    'update.inline_query.from.id is undefined',
  ],
  [
    'a query to a message without chat',
    { update_id: 1, callback_query: { id: '1', from: { id: 1 }, message: {} } },
    'update.callback_query.message.chat.id is undefined',
  ],
]

it.each(wrong)('refuses %s, and says what is wrong', async (_, update, message) => {
  const { bot } = await openWorld({ handlers: [Any] })
  const error: unknown = await bot.handle(update).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(BotUpdateError)
  expect(error instanceof Error && error.message).toContain(message)
})

it('tells kinds that nobody takes once, and handles none of them', async () => {
  const { bot, lines, server } = await openWorld({ handlers: [Any] })
  for (let id = 1; id <= 3; id += 1) await bot.handle({ update_id: id, teleported_message: { id } })
  await bot.handle({ update_id: 4, poll: { id: 'a poll' } })
  const told = lines.filter(({ update_kind }) => update_kind !== undefined)
  expect(told.map(({ update_kind }) => update_kind)).toEqual(['teleported_message', 'poll'])
  expect(server.log.of('sendMessage')).toEqual([])
})

it('never fails of anything but what it names, whatever comes', async () => {
  const { bot } = await openWorld({ handlers: [Any] })
  const names = [
    'message_id',
    'from',
    'chat',
    'text',
    'data',
    'query',
    'message',
    'id',
    'entities',
    'sender_chat',
  ]
  const leaf = fc.oneof(
    fc.constantFrom(1, -1, 0, null, '', '/start', 'private', []),
    fc.integer(),
    fc.jsonValue(),
  )
  const part = fc.dictionary(fc.constantFrom(...names), leaf, { noNullPrototype: true })
  const content = fc.dictionary(fc.constantFrom(...names), fc.oneof(leaf, part), { noNullPrototype: true })
  const kind = fc.constantFrom(
    ...['message', 'callback_query', 'inline_query', 'poll', 'unheard_of'],
    ...['__proto__', 'constructor', 'toString'],
  )
  const update = fc
    .record({ id: fc.oneof(fc.nat(), leaf), kind, content: fc.oneof(content, leaf) })
    .map((drawn) => ({ update_id: drawn.id, [drawn.kind]: drawn.content }))
  const numRuns = process.env.LIMBER_TEST_DEEP ? 3_000 : 300
  await fc.assert(
    fc.asyncProperty(update, async (each) => {
      const error: unknown = await bot.handle(each).catch((thrown: unknown) => thrown)
      if (error !== undefined) expect(error).toBeInstanceOf(BotUpdateError)
    }),
    { numRuns },
  )
})
