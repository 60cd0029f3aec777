/** Conversations that somebody else gets in the way of: another sender, a rule, a middleware. */
import type { Chat } from 'grammy/types'
import {
  allowedFor,
  type BotMiddleware,
  Conversation,
  type IncomingMessage,
  type IncomingUpdate,
} from 'limber/bot'
import { expect, test } from 'vitest'
import { openWorld } from '../core/support/bot-world.ts'

class NewBook extends Conversation<{ title: string }> {
  static commands = ['new_book']

  handle(message: IncomingMessage) {
    message.reply('Title?')
    this.next('title')
  }

  title(message: IncomingMessage) {
    message.reply('Price?')
    this.next('price', { title: message.text ?? '' })
  }

  @allowedFor('owner')
  price(message: IncomingMessage) {
    message.reply(`"${this.data.title}" for ${message.text}`)
    this.end()
  }
}

/** Those who write in the name of a chat all come from one account. */
const CHANNELS = { id: 136_817_688, is_bot: true, first_name: 'Channel' }
const ADMINS = { id: 1_087_968_824, is_bot: true, first_name: 'Group' }

test('what one channel begins in a group, neither another one nor an unnamed administrator goes on with', async () => {
  const { bot, server } = await openWorld({ handlers: [NewBook] })
  const group = server.make.group()
  const say = (text: string, sender_chat: Chat, from = CHANNELS) =>
    bot.handle(server.make.message(from, text, { chat: group, extra: { sender_chat } }))
  const news: Chat = { id: -1001, type: 'channel', title: 'News' }
  const sports: Chat = { id: -1002, type: 'channel', title: 'Sports' }
  await say('/new_book', news)
  await say('a title of another channel', sports)
  await say('a title of an administrator', group, ADMINS)
  expect(server.log.texts(group.id)).toEqual(['Title?'])
  await say('a title', news)
  expect(server.log.texts(group.id)).toEqual(['Title?', 'Price?'])
})

test('a rule for the command does not open a step that is closed by itself', async () => {
  const { bot, server } = await openWorld({
    handlers: [NewBook],
    bot: { owners: [11], rules: { new_book: ['all'] } },
  })
  const [ada, owner] = [server.make.user({ id: 12 }), server.make.user({ id: 11 })]
  for (const user of [ada, owner])
    for (const text of ['/new_book', 'Dune', '9']) await bot.handle(server.make.message(user, text))
  expect(server.log.texts(12)).toEqual(['Title?', 'Price?', 'You may not do that.'])
  expect(server.log.texts(11)).toEqual(['Title?', 'Price?', '"Dune" for 9'])
})

class Forgets implements BotMiddleware {
  async handle(incoming: IncomingUpdate, next: () => Promise<void>) {
    if (incoming.update.message?.text === 'forget') await incoming.state.clear()
    await next()
  }
}

test('a step whose state has gone on the way to it is not run with nothing', async () => {
  const { bot, server } = await openWorld({ handlers: [NewBook], bot: { middleware: [Forgets] } })
  const ada = server.make.user()
  for (const text of ['/new_book', 'forget', 'Dune']) await bot.handle(server.make.message(ada, text))
  expect(server.log.texts(ada.id)).toEqual(['Title?', 'This cannot go on. Begin again.'])
})
