import { injectable } from 'limber'
import {
  BotServiceProvider,
  callbackQuery,
  command,
  type IncomingCallbackQuery,
  type IncomingInlineQuery,
  type IncomingMessage,
  type IncomingPollAnswer,
  InlineQueryHandler,
  MessageHandler,
  PollAnswerHandler,
} from 'limber/bot'
import { createTestApplication, FakeBotError, fakeBot, NoSuchButtonError } from 'limber/testing'
import { expect, onTestFinished, test } from 'vitest'
import { appFolder } from '../support/app-folder.ts'

@injectable()
class Greetings {
  @command('start')
  start(message: IncomingMessage) {
    message.reply(`Hello ${message.from?.first_name} (${message.from?.language_code})`, {
      reply_markup: {
        inline_keyboard: [
          [{ text: 'More', callback_data: 'more:1' }],
          [{ text: 'Docs', url: 'https://example.com' }],
        ],
      },
    })
  }

  @command('menu')
  menu(message: IncomingMessage) {
    message.reply('Choose', { reply_markup: { keyboard: [['Tea', { text: 'Coffee' }]] } })
  }

  @command('long')
  long(message: IncomingMessage) {
    message.reply('word '.repeat(2_000))
  }

  @callbackQuery({ data: /^more:/ })
  more(query: IncomingCallbackQuery) {
    query.answer('There you are.')
    query.edit('More text')
  }
}

class Echo extends MessageHandler {
  handle(message: IncomingMessage) {
    message.reply(`You said ${message.text}`)
  }
}

class Search extends InlineQueryHandler {
  handle(query: IncomingInlineQuery) {
    query.call('answerInlineQuery', {
      inline_query_id: query.payload.id,
      results: [
        {
          type: 'article',
          id: '1',
          title: query.payload.query,
          input_message_content: { message_text: 'x' },
        },
      ],
    })
  }
}

class Votes extends PollAnswerHandler {
  handle(answer: IncomingPollAnswer) {
    answer.call('sendMessage', { chat_id: 5, text: `Voted ${answer.payload.option_ids.join()}` })
  }
}

async function open() {
  const kit = await createTestApplication({
    root: appFolder({ 'config/app.js': 'export default { name: "chat", providers: [] }' }),
    config: {
      app: { name: 'chat', providers: [BotServiceProvider] },
      bot: { token: 'not even a token', handlers: [Greetings, Echo, Search, Votes], flood: false },
    },
  })
  onTestFinished(() => kit[Symbol.asyncDispose]())
  return { kit, bot: await fakeBot(kit) }
}

test('a user writes, and reads what the bot answers', async () => {
  const { bot } = await open()
  const ada = bot.user({ id: 7, name: 'Ada', language: 'de' })
  const bob = bot.user({ name: 'Bob', username: 'bob' })
  expect(await ada.send('/start')).toMatchObject([
    {
      text: 'Hello Ada (de)',
      buttons: [
        { label: 'More', data: 'more:1' },
        { label: 'Docs', data: undefined },
      ],
    },
  ])
  await bob.send('hi')
  expect([ada.texts, bob.texts]).toEqual([['Hello Ada (de)'], ['You said hi']])
  expect(bot.callsOf('sendMessage').map(({ chat_id }) => chat_id)).toEqual([7, bob.id])
})

test('a button is pressed by its label or its data', async () => {
  const { bot } = await open()
  const ada = bot.user()
  await ada.send('/start')
  expect(await ada.press('More')).toBe('There you are.')
  expect(ada.replies).toMatchObject([{ text: 'More text', buttons: [] }])
  await ada.send('/start')
  expect(await ada.press('more:1')).toBe('There you are.')
  await expect(ada.press('Docs')).rejects.toThrow(NoSuchButtonError)
  await ada.send('/start')
  await expect(ada.press('Mor')).rejects.toMatchObject({ hint: 'Did you mean "More"?' })
  await ada.send('/menu')
  expect(await ada.press('Tea')).toBeUndefined()
  expect(ada.texts.at(-1)).toBe('You said Tea')
})

test('a group has what is written in it, and those who lead it', async () => {
  const { bot, kit } = await open()
  const [ada, bob] = [bot.user(), bot.user()]
  const group = bot.group({ id: -100_500, title: 'Turtles', owner: ada, admins: [bob] })
  await ada.in(group).send('/start@test_bot')
  expect([ada.replies.length, group.replies.length, bob.in(group).texts.length]).toEqual([0, 1, 1])
  expect(await bob.in(group).press('More')).toBe('There you are.')
  const api = kit.make('bot.api')
  expect(await api.getChatAdministrators(group.id)).toMatchObject([
    { status: 'creator', user: { id: ada.id } },
    { status: 'administrator', user: { id: bob.id } },
  ])
  expect(await api.getChatMember(group.id, 1)).toMatchObject({ status: 'member', user: { id: 1 } })
})

test('a query in line gives its results, and any other update is received too', async () => {
  const { bot } = await open()
  expect(await bot.user().inline('turtles')).toMatchObject([{ title: 'turtles' }])
  const user = { id: 5, is_bot: false, first_name: 'Eve' }
  await bot.receive({ poll_answer: { poll_id: '1', user, option_ids: [1, 2], option_persistent_ids: [] } })
  expect(bot.user({ id: 5 }).texts).toEqual(['Voted 1,2'])
  await bot.receive({
    update_id: 9,
    poll_answer: { poll_id: '1', user, option_ids: [3], option_persistent_ids: [] },
  })
  await bot.receive({
    update_id: 9,
    poll_answer: { poll_id: '1', user, option_ids: [3], option_persistent_ids: [] },
  })
  expect(bot.user({ id: 5 }).texts).toEqual(['Voted 1,2', 'Voted 3'])
})

test('a call is refused when the test has it so, and what can be tried again is', async () => {
  const { bot } = await open()
  const ada = bot.user()
  bot.failNext('sendMessage', { code: 403, description: 'Forbidden: bot was blocked by the user' })
  await ada.send('one')
  bot.failNext('sendMessage', { code: 429, retryAfter: 1 })
  await ada.send('two')
  // What has to wait comes later.
  await expect.poll(() => ada.texts, { timeout: 10_000 }).toEqual(['You said two'])
  expect(bot.callsOf('sendMessage').map(({ text }) => text)).toEqual([
    ...['You said one', 'You said two', 'You said two'],
  ])
})

test('a reply that is too long comes as several messages', async () => {
  const { bot } = await open()
  const ada = bot.user()
  await ada.send('/long')
  expect(ada.texts.map((text) => text.length)).toEqual([4095, 4095, 1810])
})

test('files are read as their names', async () => {
  const { bot, kit } = await open()
  const { InputFile } = await import('grammy')
  const message = await kit
    .make('bot.api')
    .sendDocument(7, new InputFile(Buffer.from('abc'), 'a.txt'), { caption: 'A' })
  expect(message.message_id).toBeGreaterThan(0)
  expect(bot.user({ id: 7 }).replies).toMatchObject([{ text: 'A', method: 'sendDocument' }])
  expect(JSON.stringify(bot.callsOf('sendDocument'))).toContain('"file":"a.txt","size":3')
})

test('nothing else is reached, and no token of the configuration is used', async () => {
  const { kit } = await open()
  const { fetch } = kit.make('bot.transport')
  await expect(fetch?.('https://example.com/botx/getMe')).rejects.toThrow('reaches nothing')
  expect(kit.app.config.get('bot').token).not.toBe('not even a token')
})

test('an application without a bot, or with the configured one, has no bot for tests', async () => {
  const root = appFolder({ 'config/app.js': 'export default { name: "chat", providers: [] }' })
  await using none = await createTestApplication({ root })
  await expect(fakeBot(none)).rejects.toThrow(FakeBotError)
  await using configured = await createTestApplication({
    root,
    bot: 'configured',
    config: {
      app: { name: 'chat', providers: [BotServiceProvider] },
      bot: { token: `1:${'x'.repeat(35)}`, flood: false },
    },
  })
  await expect(fakeBot(configured)).rejects.toMatchObject({ hint: "Leave out bot: 'configured'." })
})
