/** What one handler, one module or one user does to the others. */
import { setImmediate } from 'node:timers/promises'
import { LimberError } from 'limber'
import { BotServiceProvider, type IncomingMessage, MessageHandler } from 'limber/bot'
import { CacheServiceProvider, memoryStore } from 'limber/cache'
import { expect, it } from 'vitest'
import { openBotApi } from '../../support/bot-api-server.ts'
import { withModules, writeModule } from '../../support/module-folder.ts'
import { openWorld } from './support/bot-world.ts'

class Picky extends MessageHandler {
  static filter(message: IncomingMessage) {
    if (!message.payload.dice) throw new TypeError('There is no dice.')
    return true
  }
  handle() {
    return 'never'
  }
}
class Echo extends MessageHandler {
  handle(message: IncomingMessage) {
    message.reply(`Echo: ${message.text}`)
  }
}

it('a filter that fails takes its own handler away, and no other one', async () => {
  const { bot, server, lines } = await openWorld({ handlers: [Picky, Echo] })
  const ada = server.make.user()
  await bot.handle(server.make.message(ada, 'hello'))
  expect(server.log.texts(ada.id)).toEqual(['Echo: hello'])
  expect(lines.filter(({ level }) => level >= 50)).toMatchObject([{ handler: 'Picky', kind: 'message' }])
})

class Fails extends MessageHandler {
  static commands = ['sell']
  handle() {
    throw new Error('The shop is closed.')
  }
}

it('a command under a picture that fails in a group is answered as any command', async () => {
  const { bot, server } = await openWorld({ handlers: [Fails, Echo] })
  const [ada, group] = [server.make.user(), server.make.group()]
  const message = { message_id: 1, date: 0, chat: group, from: ada, caption: '/sell this', photo: [] }
  await bot.handle({ update_id: 1, message })
  expect(server.log.texts(group.id)).toEqual(['Something went wrong. Try again later.'])
})

it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
  'an update of the kind "%s" is one that nobody takes',
  async (kind) => {
    const { bot, lines } = await openWorld({ handlers: [Echo] })
    await bot.handle(JSON.parse(`{"update_id": 1, "${kind}": {}}`))
    expect(lines.filter(({ update_kind }) => update_kind === kind)).toHaveLength(1)
  },
)

class Away extends LimberError {
  readonly code = 'TEST_AWAY'
  readonly kind = 'unavailable'
}
const mail = { isAway: true }
class Mail extends MessageHandler {
  handle(message: IncomingMessage) {
    if (mail.isAway) throw new Away('The mail server does not answer.')
    message.reply('mailed')
  }
}

it('an update that comes again counts once among those of its user', async () => {
  const { bot, server } = await openWorld({
    handlers: [Mail],
    providers: [CacheServiceProvider],
    bot: { flood: { max: 1, window: 60_000 } },
    config: { cache: { stores: { main: memoryStore() } } },
  })
  const ada = server.make.user()
  const update = server.make.message(ada, 'mail it')
  await expect(bot.handle(update)).rejects.toThrow(Away)
  await expect(bot.handle(update)).rejects.toThrow(Away)
  mail.isAway = false
  await bot.handle(update)
  expect(server.log.texts(ada.id)).toEqual(['mailed'])
  await bot.handle(server.make.message(ada, 'another one'))
  expect(server.log.texts(ada.id)).toEqual(['mailed', 'That was too much at once. Wait a moment.'])
})

const shopWith = (command: string) => ({
  manifest: 'permissions: [use_db, use_bot]\n',
  files: {
    'index.ts': `
      import { ModuleProvider } from 'limber/modules'
      export default class Shop extends ModuleProvider {}`,
    'models/sale.ts': `
      import { Model } from 'limber/database'
      import { Entity, Property } from 'limber/database/mapping'
      @Entity({ tableName: 'sales' })
      export class Sale extends Model {
        @Property({ type: 'string' })
        what!: string
      }`,
    'handlers.ts': `
      import { MessageHandler } from 'limber/bot'
      export class Sell extends MessageHandler {
        static commands = ['${command}']
        handle(message) {
          message.reply('sold')
        }
      }`,
  },
})

it('a module whose command was taken works when it has another one', async () => {
  const server = await openBotApi()
  const { token, apiRoot } = server
  const bot = { token, apiRoot, handlers: [Fails], flood: false, publishCommands: false }
  const { app, root } = await withModules(
    { shop: shopWith('sell') },
    { providers: [BotServiceProvider], config: { bot } },
  )
  await app.boot()
  await app.ready()
  writeModule(root, 'shop', shopWith('buy'))
  await app.make('modules').load('shop')
  const ada = server.make.user()
  await app.make('bot').handle(server.make.message(ada, '/buy'))
  expect(server.log.texts(ada.id)).toEqual(['sold'])
  const own = app.make('db').connection('modules.shop')
  expect(await own.execute('select count(*) as count from limber_bot_updates')).toEqual([{ count: 1 }])
})

const SLOW = {
  manifest: 'permissions: [use_bot]\n',
  files: {
    'index.ts': `
      import { ModuleProvider } from 'limber/modules'
      export default class Slow extends ModuleProvider {}`,
    'handlers.ts': `
      import { MessageHandler } from 'limber/bot'
      export class Slow extends MessageHandler {
        static async filter() {
          await globalThis.slowFilter.wait()
          globalThis.slowFilter.order.push('filtered')
          return true
        }
        handle() {}
      }`,
  },
}

it('a module is not unloaded while one of its filters runs, which takes nothing any more', async () => {
  const begun = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  const order: string[] = []
  const wait = () => {
    begun.resolve()
    return gate.promise
  }
  Object.assign(globalThis, { slowFilter: { order, wait } })
  const server = await openBotApi()
  const { token, apiRoot } = server
  const bot = { token, apiRoot, flood: false, publishCommands: false }
  const { app } = await withModules({ slow: SLOW }, { providers: [BotServiceProvider], config: { bot } })
  await app.boot()
  await app.ready()
  const handled = app.make('bot').handle(server.make.message(server.make.user(), 'hello'))
  await begun.promise
  const unloaded = app
    .make('modules')
    .unload('slow')
    .then(() => order.push('unloaded'))
  await expect.poll(() => app.make('bot').table.handlers).toEqual([])
  for (let turn = 0; turn < 200; turn += 1) await setImmediate()
  gate.resolve()
  await Promise.all([handled, unloaded])
  expect(order).toEqual(['filtered', 'unloaded'])
})
