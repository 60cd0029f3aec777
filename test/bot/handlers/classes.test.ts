import { createApplication, ServiceProvider } from 'limber'
import {
  CallbackQueryHandler,
  command,
  HandlerClassError,
  HandlersFileError,
  type IncomingMessage,
  type IncomingUpdate,
  InlineQueryHandler,
  MessageHandler,
  PollHandler,
  UpdateHandler,
} from 'limber/bot'
import { describe, expect, it, onTestFinished, test } from 'vitest'
import { loadHandlers } from './internals.ts'
import { messageOf, taker } from './updates.ts'

const PLACE = 'config/bot.ts (handlers[0])'

async function application(providers: readonly (new (...args: never[]) => ServiceProvider)[] = []) {
  const app = await createApplication({ config: { app: { name: 'test', providers } } })
  await app.boot()
  onTestFinished(() => app.stop())
  return app
}

const load = async (...entries: readonly unknown[]) => loadHandlers(await application(), entries)

/** What is said of a class that cannot be a handler. */
async function refusal(entry: unknown): Promise<HandlerClassError> {
  const error = await load(entry).catch((thrown: unknown) => thrown)
  if (!(error instanceof HandlerClassError)) throw error
  return error
}

class Profile extends MessageHandler {
  static commands = ['profile', 'me']
  static description = 'Show your profile'
  static chats = ['private']
  static least = 3

  static filter({ text = '' }: IncomingMessage) {
    // biome-ignore lint/complexity/noThisInStatic: this is what is tried here.
    return text.length > this.least
  }

  handle(message: IncomingMessage) {
    message.reply('Ada')
  }
}

test('the statics of a class are its options', async () => {
  const [handler] = await load(Profile)
  expect(handler).toMatchObject({
    name: 'Profile',
    module: undefined,
    place: PLACE,
    kinds: ['message'],
    options: { commands: ['profile', 'me'], description: 'Show your profile', chats: ['private'] },
  })
  expect(Object.keys(handler?.options ?? {})).toEqual(['commands', 'description', 'chats', 'filter'])
})

test('a static filter may ask for the other statics', async () => {
  const handlers = await load(Profile)
  expect(await taker(handlers, messageOf({ text: '/me' }).message)).toBeUndefined()
  expect(await taker(handlers, messageOf({ text: '/me x' }).message)).toBe('Profile')
})

test('statics are inherited', async () => {
  class Louder extends Profile {
    static override commands = ['louder']
  }
  const [handler] = await load(Louder)
  expect(handler?.options).toMatchObject({ commands: ['louder'], chats: ['private'] })
})

test('a handler is made by the container, in the scope that is open', async () => {
  let made = 0
  class Provider extends ServiceProvider {
    override register() {
      this.app.scoped('greeting' as 'app', async () => `hello ${++made}` as never)
      this.app.scoped(Greet, async () => new Greet(String(await this.app.makeAsync('greeting' as 'app'))))
    }
  }
  class Greet extends MessageHandler {
    static commands = ['greet']
    constructor(readonly greeting: string) {
      super()
    }
    handle(message: IncomingMessage) {
      message.reply(this.greeting)
    }
  }
  const app = await application([Provider])
  const [handler] = await loadHandlers(app, [Greet])
  const { message, replies } = messageOf({ text: '/greet' })
  await app.scope(() => handler?.run(message))
  await app.scope(() => handler?.run(message))
  expect(replies.calls.map(({ payload }) => payload.text)).toEqual(['hello 1', 'hello 2'])
})

test('what a handler gives, and what it throws, is passed on', async () => {
  class Failing extends MessageHandler {
    async handle() {
      throw new Error('no more')
    }
  }
  const app = await application()
  const [handler] = await loadHandlers(app, [Failing])
  await expect(app.scope(async () => handler?.run(messageOf({}).message))).rejects.toThrow('no more')
})

describe('an entry', () => {
  it('is a class, or the import of a file with several', async () => {
    abstract class Base extends MessageHandler {}
    class Help extends Base {
      handle() {
        return 'help'
      }
    }
    class Points {
      @command('points')
      show() {
        return 'points'
      }
    }
    const file = { Base, Help, Points, again: Help, MessageHandler, other: class Other {}, LIMIT: 3 }
    const handlers = await load(Profile, async () => file, Help)
    expect(handlers.map(({ name }) => name)).toEqual(['Profile', 'Help', 'Points.show'])
  })

  it('has to have a handler', async () => {
    await expect(load(async () => ({ Other: class Other {} }))).rejects.toThrow(HandlersFileError)
    await expect(load(Profile, async () => ({}))).rejects.toThrow(
      'config/bot.ts (handlers[1]) exports no handler.',
    )
    expect((await refusal(class Other {})).message).toBe(
      `Other in ${PLACE} cannot be a handler: it extends no handler class, and none of its methods has a decorator.`,
    )
    abstract class Base extends MessageHandler {}
    expect((await refusal(Base)).message).toContain('it has no method handle().')
  })
})

describe('kinds', () => {
  it('are said by a handler of other updates', async () => {
    class Joined extends UpdateHandler {
      static kinds = ['my_chat_member', 'chat_member']
      handle(incoming: IncomingUpdate) {
        return incoming.kind
      }
    }
    expect((await load(Joined))[0]?.kinds).toEqual(['my_chat_member', 'chat_member'])
    class Silent extends UpdateHandler {
      handle() {
        return 1
      }
    }
    expect((await refusal(Silent)).message).toContain('its kinds is undefined')
    const misspelt = await refusal(
      class Misspelt extends Silent {
        static kinds = ['my_chat_membr']
      },
    )
    expect(misspelt.hint).toBe('Did you mean "my_chat_member"?')
  })

  it('are that of the class otherwise', async () => {
    const error = await refusal(
      class Both extends Profile {
        static kinds = ['poll']
      },
    )
    expect(error.message).toContain('its class decides its kind')
  })
})

/** A class with one more static. */
const withStatic = (
  base: abstract new () => { handle(incoming: never): unknown },
  name: string,
  value: unknown,
) => {
  abstract class Silent extends base {}
  class Wrong extends Silent {
    override handle() {
      return 1
    }
  }
  return Object.assign(Wrong, { [name]: value })
}

describe('a wrong static is an error with the name of the class', () => {
  it.each([
    ['commands', 'points'],
    ['commands', []],
    ['commands', ['/points']],
    ['commands', ['Points']],
    ['commands', ['po ints']],
    ['commands', ['points@shop_bot']],
    ['commands', ['пункты']],
    ['commands', ['']],
    ['commands', ['a'.repeat(33)]],
    ['commands', [3]],
    ['description', ''],
    ['description', 'x'.repeat(257)],
    ['text', 3],
    ['text', []],
    ['text', [/x/, null]],
    ['content', 'photo'],
    ['content', ['foto']],
    ['chats', ['public']],
    ['chats', 'private'],
    ['state', 3],
    ['filter', 'x'],
    ['allowedFor', []],
    ['allowedFor', ['']],
    ['limit', 3],
    ['limit', { max: 0, window: 1000 }],
    ['limit', { max: 1.5, window: 1000 }],
    ['limit', { max: 1, window: Number.POSITIVE_INFINITY }],
    ['limit', { max: 1, window: 1000, per: 'module' }],
    ['limit', { max: 1, window: 1000, perr: 'user' }],
  ])('%s = %j', async (name, value) => {
    const error = await refusal(withStatic(MessageHandler, name, value))
    expect(error.message).toMatch(`Wrong in ${PLACE} cannot be a handler: its ${name} is `)
    expect(error.path).toEqual([PLACE, 'Wrong'])
    expect(error.hint).toBeTruthy()
  })

  it('names what was meant', async () => {
    const hintOf = async (name: string, value: unknown) =>
      (await refusal(withStatic(MessageHandler, name, value))).hint
    expect(await hintOf('content', ['foto'])).toBe('Did you mean "photo"?')
    expect(await hintOf('chats', ['grup'])).toBe('Did you mean "group"?')
    for (const [wrong, right] of [
      ['command', 'commands'],
      ['comands', 'commands'],
      ['states', 'state'],
      ['allowedfor', 'allowedFor'],
      ['kind', 'kinds'],
    ]) {
      expect(await hintOf(wrong ?? '', ['x'])).toContain(`Did you mean "${right}"?`)
    }
  })

  it('that applies to no update of its kind too', async () => {
    const reasonOf = async (...wrong: Parameters<typeof withStatic>) =>
      (await refusal(withStatic(...wrong))).message
    const no = (name: string, kind: string) => `${name} does not apply to updates of the kind ${kind}.`
    expect(await reasonOf(MessageHandler, 'data', 'x')).toContain(no('data', 'message'))
    expect(await reasonOf(MessageHandler, 'query', 'x')).toContain(no('query', 'message'))
    expect(await reasonOf(CallbackQueryHandler, 'commands', ['x'])).toContain(
      no('commands', 'callback_query'),
    )
    expect(await reasonOf(CallbackQueryHandler, 'text', 'x')).toContain(no('text', 'callback_query'))
    expect(await reasonOf(InlineQueryHandler, 'state', 'x')).toContain(no('state', 'inline_query'))
    expect(await reasonOf(PollHandler, 'chats', ['private'])).toContain(no('chats', 'poll'))
    expect(await reasonOf(MessageHandler, 'description', 'x')).toContain(
      'it has a description, and no commands.',
    )
  })

  it('and a static of its own is none of it', async () => {
    for (const name of ['table', 'rate', 'date', 'title', 'texture', 'schema']) {
      expect(await load(withStatic(MessageHandler, name, 'x'))).toHaveLength(1)
    }
  })
})
