/** Who makes the calls of an update, when they could not be made for a while. */
import { type Application, inject, injectable } from 'limber'
import type { IncomingMessage } from 'limber/bot'
import type { Session } from 'limber/database'
import { sqlite } from 'limber/database/sqlite'
import { expect, it } from 'vitest'
import { openWorld } from './support/bot-world.ts'
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
