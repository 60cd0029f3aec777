/** What the Bot API would refuse after the commit is refused before it, where somebody hears of it. */
import { LimberError } from 'limber'
import {
  CallbackQueryHandler,
  type IncomingCallbackQuery,
  type IncomingMessage,
  MessageHandler,
  ReplyLimitError,
} from 'limber/bot'
import { expect, it } from 'vitest'
import { openWorld } from './support/bot-world.ts'

const buttonOf = (callback_data: string) => ({
  reply_markup: { inline_keyboard: [[{ text: 'a', url: 'https://a.b' }], [{ text: 'b', callback_data }]] },
})
const DATA = 'reply_markup.inline_keyboard[1][0].callback_data'

/** What is as long as can be, what is longer, and where. */
const TRIES: readonly (readonly [string, (message: IncomingMessage) => void, string | undefined])[] = [
  ['data of 64 bytes', (m) => m.reply('x', buttonOf('é'.repeat(32))), undefined],
  ['data of 66 bytes', (m) => m.reply('x', buttonOf('é'.repeat(33))), DATA],
  [
    'a caption',
    (m) => m.call('sendPhoto', { chat_id: 7, photo: 'id', caption: 'é'.repeat(1024) }),
    undefined,
  ],
  [
    'a caption',
    (m) => m.call('sendPhoto', { chat_id: 7, photo: 'id', caption: 'é'.repeat(1025) }),
    'caption',
  ],
  [
    'a caption of entities',
    (m) =>
      m.call('sendPhoto', {
        chat_id: 7,
        photo: 'id',
        caption: `<b>${'&lt;'.repeat(1024)}</b>`,
        parse_mode: 'HTML',
      }),
    undefined,
  ],
  [
    'a caption of one entity more',
    (m) =>
      m.call('sendPhoto', {
        chat_id: 7,
        photo: 'id',
        caption: `<b>${'&lt;'.repeat(1025)}</b>`,
        parse_mode: 'HTML',
      }),
    'caption',
  ],
  ['a text with entities', (m) => m.reply('x'.repeat(4096), { entities: [] }), undefined],
  ['a longer text with entities', (m) => m.reply('x'.repeat(4097), { entities: [] }), 'text'],
  [
    'Markdown',
    (m) => m.call('editMessageText', { text: `${'\\.'.repeat(4096)}`, parse_mode: 'MarkdownV2' }),
    undefined,
  ],
]

it.each(TRIES)('%s', async (_, run, place) => {
  const thrown: unknown[] = []
  class Try extends MessageHandler {
    handle(message: IncomingMessage) {
      try {
        run(message)
      } catch (error) {
        thrown.push(error)
      }
    }
  }
  const { bot, server } = await openWorld({ handlers: [Try] })
  await bot.handle(server.make.message(server.make.user(), 'try'))
  expect(thrown.map((error) => error instanceof ReplyLimitError && error.path?.[1])).toEqual(
    place ? [place] : [],
  )
})

class Press extends CallbackQueryHandler {
  handle(query: IncomingCallbackQuery) {
    if (query.data === 'edit') query.edit('x'.repeat(4097))
    query.answer('é'.repeat(Number(query.data)))
  }
}

it.each([
  ['200', 'é'.repeat(200)],
  ['201', 'Something went wrong. Try again later.'],
  ['edit', 'Something went wrong. Try again later.'],
])('a button that is answered with %s characters', async (data, answer) => {
  const { bot, server } = await openWorld({ handlers: [Press] })
  await bot.handle(server.make.callbackQuery(server.make.user(), data))
  expect(server.log.of('answerCallbackQuery').map(({ payload }) => payload.text)).toEqual([answer])
})

class CutsError extends LimberError {
  readonly code = 'TEST_CUTS'
  readonly kind = 'invalid'
}
class Cuts extends MessageHandler {
  handle(message: IncomingMessage) {
    if (message.text === 'fail') throw new CutsError('No.', { publicMessage: `${'x'.repeat(4095)}😀` })
    message.reply('😀'.slice(0, 1))
  }
}

it('half a character, as a cut leaves it, is sent as one that nobody knows', async () => {
  const { bot, server } = await openWorld({ handlers: [Cuts] })
  const ada = server.make.user()
  for (const text of ['cut', 'fail']) await bot.handle(server.make.message(ada, text))
  expect(server.log.texts(ada.id)).toEqual(['\uFFFD', `${'x'.repeat(4095)}\uFFFD`])
})
