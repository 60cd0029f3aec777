/** What one update brings about, on each kind of database. */
import { afterCommit, LimberError } from 'limber'
import { type IncomingMessage, MessageHandler } from 'limber/bot'
import { describe, expect, it } from 'vitest'
import { everyDatabase } from '../../database/support/every-database.ts'
import { Deed, openWorld } from './support/bot-world.ts'
import { Write, WriteBadly } from './support/writers.ts'

const SORRY = 'Something went wrong. Try again later.'

/** Fails when everything is written, and before it is committed. */
class WriteTwice extends Write {
  static override commands = ['twice']

  override handle(message: IncomingMessage) {
    super.handle(message)
    // A key that is there already: the flush at the end fails, not the handler.
    this.session.persist(this.session.create(Deed, { id: 1, user: 1, text: 'the second one with this key' }))
  }
}

/** While it works, another process is done with the same update. */
class WriteSlowly extends Write {
  static override commands = ['slowly']

  override async handle(message: IncomingMessage) {
    const { update, me } = message
    const values = [me.id, update.update_id, 1, 0, 0]
    const sql =
      'insert into limber_bot_updates (bot, update_id, handled_at, total, made) values (?, ?, ?, ?, ?)'
    await elsewhere?.(sql, values)
    super.handle(message)
  }
}
let elsewhere: ((sql: string, values: readonly unknown[]) => Promise<unknown>) | undefined

class OutOfStockError extends LimberError {
  readonly code = 'TEST_OUT_OF_STOCK'
  readonly kind = 'conflict'

  constructor() {
    super('Shelf 4 holds no more of it.', { publicMessage: 'There is none left.' })
  }
}

class Buy extends MessageHandler {
  static commands = ['buy']

  handle() {
    throw new OutOfStockError()
  }
}

class Tell extends MessageHandler {
  static commands = ['tell']

  handle(message: IncomingMessage) {
    afterCommit(() => message.reply('too late'))
    message.reply('in time')
  }
}

const handlers = [Write, WriteBadly, WriteTwice, WriteSlowly, Buy, Tell]

for (const database of await everyDatabase()) {
  describe(database.title, () => {
    const open = async () => {
      const driver = await database.create()
      const world = await openWorld({ driver, handlers })
      const ada = world.server.make.user()
      const say = (text: string) => world.server.make.message(ada, text)
      return { ...world, driver, ada, say, texts: () => world.server.log.texts(ada.id) }
    }

    it('commits what the handler wrote with the number of the update, and then answers', async () => {
      const { bot, say, texts, deeds, handled, waiting } = await open()
      const update = say('/write a poem')
      await bot.handle(update)
      expect(await deeds()).toEqual(['a poem'])
      expect(await handled()).toEqual([update.update_id])
      expect(texts()).toEqual(['written: a poem'])
      expect(await waiting()).toBe(0)
    })

    it('rolls back what a failing handler wrote, says sorry in its place, and lives on', async () => {
      const { bot, say, texts, deeds, handled, lines } = await open()
      const [bad, good] = [say('/badly a poem'), say('/write an essay')]
      await bot.handle(bad)
      await bot.handle(good)
      expect(await deeds()).toEqual(['an essay'])
      expect(texts()).toEqual([SORRY, 'written: an essay'])
      expect(await handled()).toEqual([bad.update_id, good.update_id])
      const errors = lines.filter(({ level }) => level === 50)
      expect(errors).toMatchObject(
        [{ update: bad.update_id, handler: 'WriteBadly', label: 'message /badly', msg: /The pen broke/ }].map(
          ({ msg, ...facts }) => ({ ...facts, msg: expect.stringMatching(msg) }),
        ),
      )
    })

    it('sends no reply of a handler whose commit fails', async () => {
      const { bot, say, texts, deeds } = await open()
      await bot.handle(say('/write the first'))
      await bot.handle(say('/twice the second'))
      expect(await deeds()).toEqual(['the first'])
      expect(texts()).toEqual(['written: the first', 'A value that has to be unique is taken already.'])
    })

    it('tells the user what an error says for everybody, and logs it as no fault of the application', async () => {
      const { bot, say, texts, lines } = await open()
      await bot.handle(say('/buy'))
      expect(texts()).toEqual(['There is none left.'])
      expect(lines.filter(({ level }) => level >= 40)).toEqual([])
      expect(lines.filter(({ msg }) => msg.includes('Shelf 4'))).toMatchObject([{ level: 30 }])
    })

    it('does nothing the second time, at once, later, and in another process', async () => {
      const world = await open()
      const { bot, driver, server, say, texts, deeds } = world
      const update = say('/write a poem')
      await Promise.all([bot.handle(update), bot.handle(structuredClone(update)), bot.handle(update)])
      await bot.handle(update)
      if (database.title !== 'SQLite in memory') {
        const second = await openWorld({ driver, server, handlers, isSecond: true })
        await second.bot.handle(update)
      }
      expect(await deeds()).toEqual(['a poem'])
      expect(texts()).toEqual(['written: a poem'])
    })

    it('rolls everything back when another process was faster, and sends nothing', async () => {
      const { app, bot, say, texts, deeds, handled } = await open()
      // SQLite in memory has one connection, and the unit of work has written nothing yet.
      elsewhere = async (sql, values) => app.make('db.connection').execute(sql, values)
      const update = say('/slowly a poem')
      await bot.handle(update)
      expect(await deeds()).toEqual([])
      expect(texts()).toEqual([])
      expect(await handled()).toEqual([update.update_id])
    })

    it('refuses a reply after the commit, which nobody would send', async () => {
      const { bot, say, texts, lines } = await open()
      await bot.handle(say('/tell'))
      expect(texts()).toEqual(['in time'])
      const [failed] = lines.filter(({ level }) => level >= 50)
      expect(JSON.stringify(failed)).toContain('ReplyTooLateError')
    })
  })
}
