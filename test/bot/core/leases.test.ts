/** Who makes the calls of an update, when they could not be made for a while. */
import path from 'node:path'
import type { User } from 'grammy/types'
import { type Application, inject, injectable } from 'limber'
import type { IncomingMessage } from 'limber/bot'
import type { Session } from 'limber/database'
import { sqlite } from 'limber/database/sqlite'
import { expect, it } from 'vitest'
import { emptyFolder } from '../../support/app-folder.ts'
import { type BotApiServer, faults } from '../../support/bot-api-server.ts'
import { type BotWorld, openWorld } from './support/bot-world.ts'
import { Write } from './support/writers.ts'

it('replies are sent once, though what follows the commit takes longer than others wait', async () => {
  const begun = Promise.withResolvers<void>()
  const goOn = Promise.withResolvers<void>()
  @injectable()
  class WriteAndWait extends Write {
    constructor(
      @inject('db.session') session: Session,
      @inject('app') private readonly app: Application,
    ) {
      super(session)
    }

    override handle(message: IncomingMessage) {
      super.handle(message)
      this.app.currentScope()?.afterCommit(() => {
        begun.resolve()
        return goOn.promise
      })
    }
  }
  const driver = sqlite({ file: ':memory:' })
  const { app, bot, server } = await openWorld({ driver, handlers: [WriteAndWait] })
  let ahead = 0
  app.swap('clock', { now: () => Date.now() + ahead })
  const ada = server.make.user()
  const [one, two] = ['/write one', '/write two'].map((text) => server.make.message(ada, text))
  const first = bot.handle(one)
  await begun.promise
  ahead = 60_000
  await bot.start()
  // Its replies are taken over, and wait for the chat.
  const holders = () => app.make('db.connection').execute('select held_by from limber_bot_updates')
  await expect.poll(holders).toEqual([{ held_by: expect.any(String) }])
  goOn.resolve()
  await Promise.all([first, bot.handle(two)])
  expect(server.log.texts(ada.id)).toEqual(['written: one', 'written: two'])
})

it('replies of one chat that have to wait do not keep those of others from being taken over', async () => {
  const file = path.join(emptyFolder(), 'bot.sqlite')
  const handlers = [Write]
  const open = (server?: BotApiServer) =>
    openWorld({ driver: sqlite({ file }), handlers, ...(server && { server, isSecond: true }) })
  /** Handles them in a process that stops before it can send anything. */
  const leave = async ({ app, bot, server }: BotWorld, user: User, texts: readonly string[]) => {
    for (const text of texts) {
      server.fail('sendMessage', faults.tooMany(600))
      const update = server.make.message(user, `/write ${text}`)
      await bot.handle(update)
    }
    await app.stop()
  }
  const first = await open()
  const { server } = first
  const [ada, bob, eve] = [server.make.user(), server.make.user(), server.make.user()]
  await leave(first, ada, ['one'])
  await leave(await open(server), ada, ['two'])
  const last = await open(server)
  server.fail('sendMessage', faults.tooMany(600))
  await last.bot.start()
  const attempts = () => server.log.attempts.filter(({ method }) => method === 'sendMessage')
  await server.until(() => attempts().length === 3)
  await last.bot.handle(server.make.message(bob, '/write hello'))
  await server.until(() => server.log.texts(bob.id).length === 1)
  await leave(await open(server), eve, ['three'])
  await server.until(() => server.log.texts(eve.id).length === 1)
  expect(server.log.texts(ada.id)).toEqual([])
})
