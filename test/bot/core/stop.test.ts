/** How a bot stops. */

import path from 'node:path'
import { BotStoppingError, type IncomingMessage, MessageHandler } from 'limber/bot'
import { sqlite } from 'limber/database/sqlite'
import { expect, it } from 'vitest'
import { emptyFolder } from '../../support/app-folder.ts'
import { faults } from '../../support/bot-api-server.ts'
import { openWorld } from './support/bot-world.ts'
import { Write } from './support/writers.ts'

function slowWriter() {
  const begun = Promise.withResolvers<void>()
  const goOn = Promise.withResolvers<void>()
  class SlowWrite extends Write {
    override async handle(message: IncomingMessage) {
      super.handle(message)
      begun.resolve()
      await goOn.promise
    }
  }
  return { SlowWrite, begun: begun.promise, goOn: goOn.resolve }
}

async function fileDriver() {
  const file = path.join(emptyFolder(), 'bot.sqlite')
  return () => sqlite({ file })
}

it('lets what is being handled come to its end with its replies, and begins nothing more', async () => {
  const driver = await fileDriver()
  const { SlowWrite, begun, goOn } = slowWriter()
  const first = await openWorld({ driver: driver(), handlers: [SlowWrite] })
  const { server } = first
  const ada = server.make.user()
  const [one, two] = ['/write one', '/write two'].map((text) => server.make.message(ada, text))
  const results = Promise.allSettled([first.bot.handle(one), first.bot.handle(two)])
  await begun
  const stopped = first.app.stop()
  goOn()
  await stopped
  const [done, refused] = await results
  expect(done.status).toBe('fulfilled')
  expect(refused.status === 'rejected' && refused.reason).toBeInstanceOf(BotStoppingError)
  await expect(first.bot.handle(two)).rejects.toThrow(BotStoppingError)
  const second = await openWorld({ driver: driver(), server, handlers: [Write], isSecond: true })
  await Promise.all([one, two].map((update) => second.bot.handle(update)))
  expect(await second.deeds()).toEqual(['one', 'two'])
  expect(server.log.texts(ada.id)).toEqual(['written: one', 'written: two'])
})

it('rolls back what has not ended at the deadline, which comes again', async () => {
  const driver = await fileDriver()
  const { SlowWrite, begun, goOn } = slowWriter()
  const first = await openWorld({ driver: driver(), handlers: [SlowWrite] })
  const { server } = first
  const ada = server.make.user()
  const update = server.make.message(ada, '/write one')
  const handled = first.bot.handle(update).catch((error: unknown) => error)
  await begun
  await first.app.stop({ deadline: 50 })
  expect(await handled).toBeInstanceOf(BotStoppingError)
  // Too late: its unit of work is over.
  goOn()
  const second = await openWorld({ driver: driver(), server, handlers: [Write], isSecond: true })
  expect(await second.deeds()).toEqual([])
  await second.bot.handle(update)
  expect(await second.deeds()).toEqual(['one'])
  expect(server.log.texts(ada.id)).toEqual(['written: one'])
})

it('leaves replies that have to wait to the next start, which sends them at once and in order', async () => {
  const driver = await fileDriver()
  class WriteAgain extends Write {
    override handle(message: IncomingMessage) {
      super.handle(message)
      message.reply('and more')
    }
  }
  const first = await openWorld({ driver: driver(), handlers: [WriteAgain] })
  const { server } = first
  const ada = server.make.user()
  server.fail('sendMessage', faults.tooMany(600))
  await first.bot.handle(server.make.message(ada, '/write one'))
  expect(await first.waiting()).toBe(1)
  await first.app.stop()
  expect(server.log.texts(ada.id)).toEqual([])
  const second = await openWorld({ driver: driver(), server, handlers: [WriteAgain], isSecond: true })
  await second.bot.start()
  await server.until(() => server.log.texts(ada.id).length === 2)
  expect(server.log.texts(ada.id)).toEqual(['written: one', 'and more'])
  await expect.poll(() => second.waiting()).toBe(0)
})

it('waits for nobody when nothing is being handled', async () => {
  class Nothing extends MessageHandler {
    handle() {
      // It takes every message.
    }
  }
  const { app, bot, server } = await openWorld({ handlers: [Nothing] })
  await bot.handle(server.make.message(server.make.user(), 'hello'))
  await app.stop()
  await expect(bot.handle(server.make.message(server.make.user(), 'hello'))).rejects.toThrow(BotStoppingError)
})

it.each(['getMe', 'getMyCommands'])(
  'does not wait for a start that waits for %s, which begins nothing any more',
  async (method) => {
    const { app, bot, server } = await openWorld({ handlers: [Write], bot: { publishCommands: true } })
    server.fail(method, 'hang')
    const started = bot.start().catch((error: unknown) => error)
    await server.until(() => server.log.attempts.some((attempt) => attempt.method === method))
    await app.stop()
    expect(await started).toEqual(method === 'getMe' ? expect.any(BotStoppingError) : undefined)
  },
)
