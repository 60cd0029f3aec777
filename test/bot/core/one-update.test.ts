/** What one update brings about, on each kind of database. */
import { afterCommit, inject, injectable } from 'limber'
import { type IncomingMessage, MessageHandler } from 'limber/bot'
import type { Session } from 'limber/database'
import { describe, expect, it } from 'vitest'
import { everyDatabase } from '../../database/support/every-database.ts'
import { faults } from '../../support/bot-api-server.ts'
import { Deed, openWorld } from './support/bot-world.ts'

@injectable()
class Write extends MessageHandler {
  static override commands = ['write']

  constructor(@inject('db.session') private readonly session: Session) {
    super()
  }

  async handle(message: IncomingMessage) {
    this.session.persist(this.session.create(Deed, { user: message.from?.id ?? 0, text: message.args }))
    message.reply(`written: ${message.args}`)
    if (message.args === 'badly') throw new Error('The pen broke.')
  }
}

for (const database of await everyDatabase()) {
  describe(database.title, () => {
    const open = async () => openWorld({ driver: await database.create(), handlers: [Write] })

    it('commits what the handler wrote with its number, and then answers', async () => {
      const { bot, server, deeds, handled, waiting, lines } = await open()
      const ada = server.make.user()
      const update = server.make.message(ada, '/write a poem')
      await bot.handle(update); console.log(lines)
      expect(await deeds()).toEqual(['a poem'])
      expect(await handled()).toEqual([update.update_id])
      expect(server.log.texts(ada.id)).toEqual(['written: a poem'])
      expect(await waiting()).toBe(0)
    })
  })
}
