import {
  IncomingCallbackQuery,
  IncomingChosenInlineResult,
  IncomingInlineQuery,
  IncomingMessage,
  IncomingPoll,
  IncomingPollAnswer,
  IncomingPreCheckoutQuery,
  IncomingShippingQuery,
  IncomingUpdate,
  UpdateWithoutMessageError,
} from 'limber/bot'
import { describe, expect, it, test } from 'vitest'
import { ALL_KINDS, answerUnanswered } from './internals.ts'
import { ADA, CHATS, incomingOf, type Kind, messageOf, queryOf } from './updates.ts'

const classes = new Map<Kind, unknown>([
  ['message', IncomingMessage],
  ['edited_message', IncomingMessage],
  ['channel_post', IncomingMessage],
  ['edited_channel_post', IncomingMessage],
  ['callback_query', IncomingCallbackQuery],
  ['inline_query', IncomingInlineQuery],
  ['chosen_inline_result', IncomingChosenInlineResult],
  ['shipping_query', IncomingShippingQuery],
  ['pre_checkout_query', IncomingPreCheckoutQuery],
  ['poll', IncomingPoll],
  ['poll_answer', IncomingPollAnswer],
])

test.each(ALL_KINDS)('%s comes as its class, with what it carries', (kind) => {
  const payload = { id: 'x', from: ADA, chat: CHATS.group }
  const { incoming } = incomingOf(kind, payload)
  expect(incoming.constructor).toBe(classes.get(kind) ?? IncomingUpdate)
  expect(incoming.update).toEqual({ update_id: 1, [kind]: payload })
  if (classes.has(kind)) expect(Reflect.get(incoming, 'payload')).toBe(payload)
})

describe('a message', () => {
  it('has the text, or else the caption', () => {
    expect(messageOf({ text: 'hello' }).message.text).toBe('hello')
    expect(messageOf({ caption: 'a photo' }).message.text).toBe('a photo')
    expect(messageOf({}).message.text).toBeUndefined()
  })

  it('has the command of its text, also of a caption and in channels', () => {
    expect(messageOf({ text: '/Points@shop_bot  add 3 ' }).message.command).toEqual({
      name: 'points',
      args: 'add 3',
    })
    expect(messageOf({ caption: '/sell' }, 'channel_post').message.command).toEqual({
      name: 'sell',
      args: '',
    })
    expect(messageOf({ text: 'no /points' }).message.command).toBeUndefined()
  })

  it('is replied to in its chat, without a quote', () => {
    const { message, replies } = messageOf({ chat: CHATS.group, message_thread_id: 4 })
    message.reply('hello')
    expect(replies.calls).toEqual([{ method: 'sendMessage', payload: { chat_id: -5, text: 'hello' } }])
  })

  it('is replied to in its topic', () => {
    const { message, replies } = messageOf({ is_topic_message: true, message_thread_id: 4 })
    message.reply('hello')
    expect(replies.calls[0]?.payload).toEqual({ chat_id: 7, text: 'hello', message_thread_id: 4 })
    const direct = messageOf({ direct_messages_topic: { topic_id: 9, user: ADA } })
    direct.message.reply('hello')
    expect(direct.replies.calls[0]?.payload).toMatchObject({ direct_messages_topic_id: 9 })
  })

  it('is quoted, and formatted, when that is asked for', () => {
    const { message, replies } = messageOf({})
    const options = {
      parse_mode: 'HTML',
      reply_parameters: { message_id: message.payload.message_id },
    } as const
    message.reply('<b>hello</b>', options)
    expect(replies.calls[0]?.payload).toEqual({ chat_id: 7, text: '<b>hello</b>', ...options })
  })

  it('gives texts and templates in the language of the user', async () => {
    const { message } = messageOf({})
    expect(message.translate('hello')).toBe('text of hello')
    expect(await message.render('profile')).toBe('filled profile')
  })
})

describe('a callback query', () => {
  it('is answered, with a text or without', () => {
    const { query, replies } = queryOf({ data: 'buy' })
    query.answer()
    query.answer('Bought', { show_alert: true })
    expect(query.data).toBe('buy')
    expect(replies.calls).toEqual([
      { method: 'answerCallbackQuery', payload: { callback_query_id: 'q1' } },
      {
        method: 'answerCallbackQuery',
        payload: { callback_query_id: 'q1', text: 'Bought', show_alert: true },
      },
    ])
  })

  it('changes its message, also one that was sent in inline mode', () => {
    const { query, replies } = queryOf()
    query.edit('new', { reply_markup: { inline_keyboard: [] } })
    expect(replies.calls[0]).toEqual({
      method: 'editMessageText',
      payload: { chat_id: 7, message_id: 3, text: 'new', reply_markup: { inline_keyboard: [] } },
    })
    const inline = queryOf({ message: undefined, inline_message_id: 'i1' })
    inline.query.edit('new')
    expect(inline.replies.calls[0]?.payload).toEqual({ inline_message_id: 'i1', text: 'new' })
  })

  it('sends to the chat and the topic of its message', () => {
    const message = {
      message_id: 3,
      date: 1,
      chat: CHATS.supergroup,
      is_topic_message: true,
      message_thread_id: 4,
    }
    const { query, replies } = queryOf({ message })
    query.reply('hello')
    const payload = { chat_id: -6, text: 'hello', message_thread_id: 4 }
    expect(replies.calls).toEqual([{ method: 'sendMessage', payload }])
  })

  it('without a message has nothing to reply to, nor to edit', () => {
    const { query } = queryOf({ message: undefined, inline_message_id: 'i1' })
    expect(() => query.reply('hello')).toThrow(UpdateWithoutMessageError)
    const { query: bare } = queryOf({ message: undefined })
    expect(() => bare.edit('hello')).toThrow(UpdateWithoutMessageError)
  })

  it('is answered in the end when nobody has', () => {
    const { query, replies } = queryOf()
    query.reply('hello')
    answerUnanswered(query.update, replies)
    answerUnanswered(query.update, replies)
    expect(replies.calls.map(({ method }) => method)).toEqual(['sendMessage', 'answerCallbackQuery'])
    expect(replies.calls[1]?.payload).toEqual({ callback_query_id: 'q1' })
  })

  it('is not answered twice, however it was answered', () => {
    const { query, replies } = queryOf()
    query.call('answerCallbackQuery', { callback_query_id: 'q1', text: 'by hand' })
    answerUnanswered(query.update, replies)
    expect(replies.calls).toHaveLength(1)
  })

  it('is the only kind that is answered in the end', () => {
    for (const kind of ALL_KINDS.filter((each) => each !== 'callback_query')) {
      const { incoming, replies } = incomingOf(kind, { id: 'x', from: ADA, chat: CHATS.group })
      answerUnanswered(incoming.update, replies)
      expect(replies.calls).toEqual([])
    }
  })
})

/** What an update queues. */
function callsOf<T extends IncomingUpdate>(
  kind: Kind,
  payload: object,
  type: new (...args: never[]) => T,
  act: (incoming: T) => void,
) {
  const { incoming, replies } = incomingOf(kind, payload)
  if (!(incoming instanceof type)) throw new Error(`It is no ${type.name}.`)
  act(incoming)
  return replies.calls
}

test('an inline query is answered with results', () => {
  const payload = { id: 'i1', from: ADA, query: 'emma', offset: '' }
  const results = [
    { type: 'article' as const, id: '1', title: 'Emma', input_message_content: { message_text: 'Emma' } },
  ]
  const calls = callsOf('inline_query', payload, IncomingInlineQuery, (incoming) => {
    expect(incoming.query).toBe('emma')
    incoming.answer(results, { cache_time: 0 })
  })
  const answered = { inline_query_id: 'i1', results, cache_time: 0 }
  expect(calls).toEqual([{ method: 'answerInlineQuery', payload: answered }])
})

test('a shipping query is answered or refused', () => {
  const payload = { id: 's1', from: ADA, invoice_payload: 'x', shipping_address: {} }
  const options = [{ id: 'post', title: 'Post', prices: [] }]
  const calls = callsOf('shipping_query', payload, IncomingShippingQuery, (incoming) => {
    incoming.answer(options)
    incoming.refuse('Too far')
  })
  expect(calls.map((call) => call.payload)).toEqual([
    { shipping_query_id: 's1', ok: true, shipping_options: options },
    { shipping_query_id: 's1', ok: false, error_message: 'Too far' },
  ])
  expect(calls.map((call) => call.method)).toEqual(['answerShippingQuery', 'answerShippingQuery'])
})

test('a pre-checkout query is accepted or refused', () => {
  const payload = { id: 'p1', from: ADA, currency: 'EUR', total_amount: 1, invoice_payload: 'x' }
  const calls = callsOf('pre_checkout_query', payload, IncomingPreCheckoutQuery, (incoming) => {
    incoming.accept()
    incoming.refuse('Sold out')
  })
  expect(calls.map((call) => call.payload)).toEqual([
    { pre_checkout_query_id: 'p1', ok: true },
    { pre_checkout_query_id: 'p1', ok: false, error_message: 'Sold out' },
  ])
  expect(calls.map((call) => call.method)).toEqual(['answerPreCheckoutQuery', 'answerPreCheckoutQuery'])
})

test('a chosen result and a vote say what was chosen', () => {
  const result = { result_id: 'r1', from: ADA, query: 'emma' }
  callsOf('chosen_inline_result', result, IncomingChosenInlineResult, (incoming) => {
    expect([incoming.query, incoming.result]).toEqual(['emma', 'r1'])
  })
  const vote = { poll_id: 'v1', user: ADA, option_ids: [0, 2] }
  callsOf('poll_answer', vote, IncomingPollAnswer, (incoming) => {
    expect(incoming.chosen).toEqual([0, 2])
    expect(incoming.from).toEqual(ADA)
  })
})
