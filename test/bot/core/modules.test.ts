/** Handlers of modules: what they did is recorded in the database of the module, and they come and go while the bot runs. */
import type { Lazy } from 'limber'
import { BotServiceProvider, type IncomingMessage, MessageHandler } from 'limber/bot'
import { describe, expect, it } from 'vitest'
import { faults, openBotApi } from '../../support/bot-api-server.ts'
import { type ModuleFiles, withModules } from '../../support/module-folder.ts'

const POINTS: ModuleFiles = {
  manifest: 'permissions: [use_db, use_bot]\n',
  files: {
    'index.ts': `
      import { ModuleProvider } from 'limber/modules'
      export default class Points extends ModuleProvider {}`,
    'models/point.ts': `
      import { Model } from 'limber/database'
      import { Entity, Property } from 'limber/database/mapping'
      @Entity({ tableName: 'points' })
      export class Point extends Model {
        @Property({ type: 'string' })
        reason!: string
      }`,
    'handlers.ts': `
      import { MessageHandler } from 'limber/bot'
      import { Point } from './models/point.ts'
      export class Give extends MessageHandler {
        static commands = ['give']
        async handle(message) {
          const reason = message.command.args
          await Point.create({ reason })
          await message.state.set('given', { reason })
          message.reply('given for ' + reason)
          if (reason === 'nothing') throw new Error('There is no reason.')
        }
      }`,
  },
}

const PROVIDER = `
  import { ModuleProvider } from 'limber/modules'
  export default class Greeter extends ModuleProvider {}`

const HELLO_TOO = `
  import { MessageHandler } from 'limber/bot'
  export class HelloToo extends MessageHandler {
    static commands = ['hello']
    handle() {}
  }`

/** It may use the bot, and no database. */
const GREETER: ModuleFiles = {
  manifest: 'permissions: [use_bot]\n',
  files: {
    'index.ts': PROVIDER,
    'handlers.ts': `
      import { MessageHandler } from 'limber/bot'
      import { currentApplication } from 'limber'
      export class Greet extends MessageHandler {
        static commands = ['greet']
        handle(message) {
          message.reply('greetings')
        }
      }
      export class Pry extends MessageHandler {
        static commands = ['pry']
        handle(message) {
          message.reply(String(currentApplication().make('db.session')))
        }
      }`,
  },
}

/** It has an answer to what it asked, in its own database. */
const ASKER: ModuleFiles = {
  manifest: 'permissions: [use_db, use_bot]\n',
  files: {
    'index.ts': PROVIDER,
    'handlers.ts': `
      import { MessageHandler } from 'limber/bot'
      export class Ask extends MessageHandler {
        static commands = ['ask']
        handle(message) {
          return message.state.set('asked')
        }
      }
      export class Answer extends MessageHandler {
        static state = 'asked'
        async handle(message) {
          await message.state.clear()
          message.reply('thank you')
        }
      }`,
  },
}

class Other extends MessageHandler {
  handle(message: IncomingMessage) {
    message.reply('what?')
  }
}

class Hello extends MessageHandler {
  static commands = ['hello']

  handle(message: IncomingMessage) {
    message.reply('hello')
  }
}

async function world(modules: Readonly<Record<string, ModuleFiles>>, handlers: readonly Lazy[] = [Hello]) {
  const server = await openBotApi()
  const { token, apiRoot } = server
  const bot = { token, apiRoot, handlers, flood: false, publishCommands: false }
  const { app, warnings } = await withModules(modules, { providers: [BotServiceProvider], config: { bot } })
  await app.boot()
  await app.ready()
  const ada = server.make.user()
  const say = (text: string) => app.make('bot').handle(server.make.message(ada, text))
  return { app, server, warnings, ada, say, texts: () => server.log.texts(ada.id) }
}

describe('a handler of a module', () => {
  it('is recorded in the database of its module, with what it wrote there', async () => {
    const { app, say, texts, warnings } = await world({ points: POINTS })
    expect(warnings()).toEqual([])
    await say('/give help')
    await say('/give nothing')
    await say('/hello')
    expect(texts()).toEqual(['given for help', 'Something went wrong. Try again later.', 'hello'])
    const own = app.make('db').connection('modules.points')
    const main = app.make('db').connection()
    expect(await own.execute('select reason from points')).toEqual([{ reason: 'help' }])
    expect(await own.execute('select total, made from limber_bot_updates order by update_id')).toEqual([
      { total: 1, made: 1 },
      { total: 1, made: 1 },
    ])
    expect(await own.execute('select module, name from limber_bot_states')).toEqual([
      { module: 'points', name: 'given' },
    ])
    expect(await main.execute('select count(*) as count from limber_bot_updates')).toEqual([{ count: 1 }])
  })

  it('leaves its module to everything else in an application without a token', async () => {
    const config = { bot: { token: '', flood: false } }
    const { app, warnings } = await withModules(
      { points: POINTS },
      { providers: [BotServiceProvider], config },
    )
    await app.boot()
    await app.ready()
    expect(warnings()).toEqual([])
    expect(app.make('modules').list()).toMatchObject([{ name: 'points', state: 'loaded' }])
    expect(() => app.make('bot.api')).toThrow('config/bot.ts has 1 fault.')
  })

  it('has handled an update that comes again when another one would take it', async () => {
    const { app, server, ada, say, texts, warnings } = await world({ asker: ASKER }, [Other])
    expect(warnings()).toEqual([])
    await say('/ask')
    const answer = server.make.message(ada, 'yes')
    await app.make('bot').handle(answer)
    await app.make('bot').handle(answer)
    await say('yes')
    expect(texts()).toEqual(['thank you', 'what?'])
  })

  it('is gone with its module, which waits for what it is doing, and comes again with it', async () => {
    const { app, server, say, texts } = await world({ points: POINTS })
    await say('/give help')
    server.fail('sendMessage', faults.tooMany(600))
    await say('/give more help')
    await app.make('modules').unload('points')
    await say('/give nobody anything')
    expect(texts()).toEqual(['given for help'])
    await app.make('bot').start()
    await app.make('modules').load('points')
    await say('/give again')
    await server.until(() => texts().length === 3)
    expect(new Set(texts())).toEqual(new Set(['given for help', 'given for more help', 'given for again']))
    const own = app.make('db').connection('modules.points')
    expect(await own.execute('select reason from points order by id')).toEqual([
      { reason: 'help' },
      { reason: 'more help' },
      { reason: 'again' },
    ])
  })

  it('keeps no database of its own where it has none, and is recorded in that of the application', async () => {
    const { app, say, texts, warnings } = await world({ greeter: GREETER })
    expect(warnings()).toEqual([])
    await say('/greet')
    await say('/pry')
    expect(texts()).toEqual(['greetings', 'Something went wrong. Try again later.'])
    const recorded = await app.make('db').connection().execute('select total from limber_bot_updates')
    expect(recorded).toEqual([{ total: 1 }, { total: 1 }])
  })

  it('whose command the application has already keeps its module from beginning', async () => {
    const taken = { ...GREETER, files: { ...GREETER.files, 'handlers.ts': HELLO_TOO } }
    const { say, texts, warnings } = await world({ greeter: taken })
    expect(warnings().join()).toContain('/hello')
    await say('/hello')
    expect(texts()).toEqual(['hello'])
  })
})
