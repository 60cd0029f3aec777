/** What becomes of replies: they are sent at least once, in the order of their chat, or given up and logged. */
import path from 'node:path'
import { InlineKeyboard, InputFile } from 'grammy'
import { type IncomingMessage, MessageHandler, ReplyNotJsonError } from 'limber/bot'
import { sqlite } from 'limber/database/sqlite'
import { describe, expect, it } from 'vitest'
import { emptyFolder } from '../../support/app-folder.ts'
import { faults } from '../../support/bot-api-server.ts'
import { openWorld } from './support/bot-world.ts'
import { Write } from './support/writers.ts'

class Echo extends MessageHandler {
  handle(message: IncomingMessage) {
    for (const part of (message.text ?? '').split(' ')) message.reply(part)
  }
}

async function echoing(bot = {}) {
  const world = await openWorld({ handlers: [Echo], bot })
  const ada = world.server.make.user()
  const say = (text: string) => world.bot.handle(world.server.make.message(ada, text))
  return { ...world, ada, say, texts: () => world.server.log.texts(ada.id) }
}

const warnings = (lines: readonly { level: number; msg: string }[]) =>
  lines.filter(({ level }) => level >= 40).map(({ msg }) => msg)

describe('a reply', () => {
  it('waits as long as the Bot API says, and those to its chat after it', async () => {
    const { server, say, texts, lines, ada } = await echoing()
    server.fail('sendMessage', faults.tooMany(1))
    await say('one two')
    await say('three')
    await server.until(() => texts().length === 3)
    expect(texts()).toEqual(['one', 'two', 'three'])
    expect(lines.filter(({ level }) => level >= 40)).toMatchObject([
      { msg: 'bot: a reply has to wait', wait: 1000, chat: ada.id },
    ])
  })

  it('that waits keeps back neither the updates of its chat nor their order, also when the bot stops meanwhile', async () => {
    const file = path.join(emptyFolder(), 'bot.sqlite')
    const first = await openWorld({ driver: sqlite({ file }), handlers: [Write] })
    const { server } = first
    const ada = server.make.user()
    server.fail('sendMessage', faults.tooMany(30))
    for (const text of ['one', 'two', 'three'])
      await first.bot.handle(server.make.message(ada, `/write ${text}`))
    expect(await first.waiting()).toBe(3)
    expect(server.log.texts(ada.id)).toEqual([])
    await first.app.stop()
    const next = await openWorld({ driver: sqlite({ file }), server, handlers: [Write], isSecond: true })
    await next.bot.start()
    await server.until(() => server.log.texts(ada.id).length === 3)
    expect(server.log.texts(ada.id)).toEqual(['written: one', 'written: two', 'written: three'])
    await expect.poll(() => next.waiting()).toBe(0)
  })

  it('is sent again when the Bot API is not well, or the network is gone', async () => {
    const { server, say, texts } = await echoing()
    server.fail('sendMessage', faults.serverError)
    server.fail('sendMessage', 'drop')
    await say('one two')
    await server.until(() => texts().length === 2)
    expect(texts()).toEqual(['one', 'two'])
  })

  it('is given up when the Bot API refuses it, and those after it are sent', async () => {
    const { server, say, texts, lines } = await echoing()
    server.fail('sendMessage', faults.blocked)
    await say('one two')
    server.fail('sendMessage', faults.badRequest)
    await say('three four')
    expect(texts()).toEqual(['two', 'four'])
    expect(warnings(lines)).toEqual(['bot: the Bot API refuses a reply', 'bot: the Bot API refuses a reply'])
  })

  it('is given up with those after it when its time is over', async () => {
    const { server, say, texts, lines } = await echoing({ replyFor: 1_000 })
    server.fail('sendMessage', faults.tooMany(60))
    await say('one two')
    await say('three')
    expect(texts()).toEqual(['three'])
    expect(warnings(lines)).toEqual(['bot: replies are given up, 2 of an update'])
  })

  it('is sent by the next process when its own died, after the time that others wait', async () => {
    const file = path.join(emptyFolder(), 'bot.sqlite')
    const first = await openWorld({ driver: sqlite({ file }), handlers: [Write] })
    const { server } = first
    const ada = server.make.user()
    // As if it had died in the middle of the call: what it holds is not let go.
    server.fail('sendMessage', faults.tooMany(30))
    await first.bot.handle(server.make.message(ada, '/write one'))
    const early = await openWorld({ driver: sqlite({ file }), server, handlers: [Write], isSecond: true })
    await early.bot.start()
    await early.app.stop()
    expect(server.log.texts(ada.id)).toEqual([])
    const ahead = 60_000
    const late = await openWorld({
      driver: sqlite({ file }),
      server,
      handlers: [Write],
      isSecond: true,
      ahead,
    })
    await late.bot.start()
    await server.until(() => server.log.texts(ada.id).length === 1)
    await expect.poll(() => late.waiting()).toBe(0)
  })
})

describe('what cannot wait for the commit', () => {
  const found: unknown[] = []
  const circle: Record<string, unknown> = {}
  circle.self = circle

  class Refused extends MessageHandler {
    handle(message: IncomingMessage) {
      const chat_id = message.chat?.id ?? 0
      const given: Record<string, object> = {
        file: { chat_id, photo: new InputFile(Buffer.from('bytes')) },
        big: { chat_id, text: 'x', reply_parameters: { message_id: 10n } },
        none: { chat_id, text: 'x', entities: [{ offset: Number.NaN }] },
        circle: { chat_id, text: 'x', reply_markup: circle },
        map: { chat_id, text: 'x', reply_markup: new Map() },
        function: { chat_id, text: () => 'x' },
      }
      for (const payload of Object.values(given)) {
        try {
          // Types refuse them; JavaScript does not.
          message.call('sendMessage', payload as never)
        } catch (error) {
          found.push(error)
        }
      }
      message.reply('the rest', { reply_markup: new InlineKeyboard().text('Yes', 'yes') })
    }
  }

  it('is refused with the place where it stands', async () => {
    const { bot, server } = await openWorld({ handlers: [Refused] })
    const ada = server.make.user()
    await bot.handle(server.make.message(ada, 'try'))
    expect(found.map((error) => error instanceof ReplyNotJsonError && error.message)).toEqual([
      expect.stringContaining('photo: '),
      expect.stringContaining('reply_parameters.message_id: it is a BigInt'),
      expect.stringContaining('entities[0].offset: it is NaN'),
      expect.stringContaining('reply_markup.self: it holds itself'),
      expect.stringContaining('reply_markup: it is a Map'),
      expect.stringContaining('text: it is a function'),
    ])
    const [sent] = server.log.of('sendMessage')
    expect(sent?.payload).toMatchObject({
      text: 'the rest',
      reply_markup: { inline_keyboard: [[{ text: 'Yes', callback_data: 'yes' }]] },
    })
  })
})
