/** What a class says and nobody would ever hear is refused, most of all where it says who may do something. */
import { Application } from 'limber'
import {
  allowedFor,
  Conversation,
  callbackQuery,
  command,
  type IncomingMessage,
  MessageHandler,
  rateLimit,
} from 'limber/bot'
import { expect, test } from 'vitest'
import { HandlersPart, loadHandlers } from './internals.ts'

type Class = abstract new (...args: never[]) => unknown

const app = () => new Application({ root: process.cwd(), config: {} })
const refusalOf = async (...classes: readonly Class[]): Promise<string | undefined> =>
  loadHandlers(app(), classes).then(
    () => undefined,
    (error: Error) => error.message,
  )

class WithRoles extends Conversation {
  static commands = ['ban']
  @allowedFor('owner')
  handle() {
    return 'whoever may ban'
  }
}
class WithLimit extends Conversation {
  static commands = ['ban']
  @rateLimit({ max: 1, window: 1000 })
  handle() {
    return 'once'
  }
}
const whom = Symbol('whom')
class WithSymbol extends Conversation {
  static commands = ['ban']
  handle() {
    this.end()
  }
  @callbackQuery()
  [whom]() {
    this.end()
  }
}
class WithStatic extends Conversation {
  static commands = ['ban']
  @command('unban')
  static unban() {
    return 'never called'
  }
  handle() {
    this.end()
  }
}
class WithField extends Conversation {
  static commands = ['ban']
  handle() {
    this.end()
  }
  @allowedFor('owner')
  get whom() {
    return () => 'no step'
  }
}

test.each([
  [WithRoles, 'handle'],
  [WithLimit, 'handle'],
  [WithSymbol, 'Symbol(whom)'],
  [WithStatic, 'unban'],
  [WithField, 'whom'],
])('a decorator of a conversation that nobody asks: %o', async (type, method) => {
  expect(await refusalOf(type)).toContain(`${type.name} in config/bot.ts (handlers[0]) cannot be`)
  expect(await refusalOf(type)).toContain(method)
})

class Generates extends MessageHandler {
  async *handle(message: IncomingMessage) {
    yield message.reply('never sent')
  }
}
class GeneratesToo {
  @command('count')
  *count(message: IncomingMessage) {
    yield message.reply('never sent')
  }
}
class GeneratesBegin extends Conversation {
  static commands = ['ban']
  async *handle(message: IncomingMessage) {
    yield message.reply('never sent')
  }
}
class GeneratesStep extends Conversation {
  static commands = ['ban']
  handle() {
    this.next('whom')
  }
  *whom(message: IncomingMessage) {
    yield message.reply('never sent')
  }
}

test.each([Generates, GeneratesToo, GeneratesBegin, GeneratesStep])(
  'a generator, of which nothing would run: %o',
  async (type) => {
    expect(await refusalOf(type)).toContain('generator')
  },
)

class Ban extends MessageHandler {
  static commands = ['ban']
  handle() {
    return 'banned'
  }
}
class Roles extends Ban {
  static roles = ['owner']
}
class Role extends Ban {
  static role = 'owner'
}
class Allowed extends Ban {
  static allowed = 'owner'
}
class RateLimit extends Ban {
  static rateLimit = { max: 1, window: 1000 }
}
class Method extends Ban {
  static filters() {
    return false
  }
}
class Getter extends Ban {
  static get allowedfor() {
    return 'owner'
  }
}
abstract class Base extends MessageHandler {
  static allowedForAll = 'owner'
}
class Inherits extends Base {
  static commands = ['ban']
  handle() {
    return 'banned'
  }
}

test.each([
  [Roles, 'allowedFor'],
  [Role, 'allowedFor'],
  [Allowed, 'allowedFor'],
  [RateLimit, 'limit'],
  [Method, 'filter'],
  [Getter, 'allowedFor'],
  [Inherits, 'allowedFor'],
])('a static that is nearly an option: %o', async (type, option) => {
  expect(await refusalOf(type)).toContain('is no option')
  await expect(loadHandlers(app(), [type])).rejects.toMatchObject({
    hint: expect.stringContaining(`"${option}"`),
  })
})

class Arrow extends MessageHandler {
  static commands = ['ban']
  handle = () => 'a field is made with each object, and nobody knows of it before'
}

class Talk extends Conversation {
  static commands = ['talk']
  handle = () => 'as late'
}

test.each([Arrow, Talk])('a class with commands and without a method for them: %o', async (type) => {
  const file = async () => ({ type })
  await expect(loadHandlers(app(), [file])).rejects.toMatchObject({ code: 'LIMBER_HANDLER_CLASS' })
})

test('a class with commands that others extend is none itself', async () => {
  abstract class Moderates extends MessageHandler {
    static commands = ['ban']
  }
  class Bans extends Moderates {
    handle() {
      return 'banned'
    }
  }
  const handlers = await loadHandlers(app(), [async () => ({ Moderates, Bans })])
  expect(handlers.map(({ name }) => name)).toEqual(['Bans'])
})

class Provider {
  @command('ban')
  static ban() {
    return 'never called'
  }
}

test('a static method of a provider', async () => {
  const part = new HandlersPart(app(), { add: () => async () => undefined })
  const provider = new Provider()
  expect(part.standsIn(provider)).toBe(true)
  const strings = { languages: [], text: (key: string) => key }
  const owner = { name: 'shop', folder: '/', provider, strings, connection: undefined }
  await expect(part.add(owner, [])).rejects.toThrow('it is static')
})

test('options that are fields of each object are refused by its first update', async () => {
  class Ban extends MessageHandler {
    // @ts-expect-error types refuse it; JavaScript does not.
    commands = ['ban']
    handle() {
      return 'whatever is written'
    }
  }
  const host = app()
  const [handler] = await loadHandlers(host, [Ban])
  const run = async () => handler?.run({} as never)
  await expect(host.boot().then(() => host.scope(run))).rejects.toThrow('its "commands" is a field.')
  await host.stop()
})
