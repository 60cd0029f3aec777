import { createApplication, inject, injectable } from 'limber'
import {
  allowedFor,
  callbackQuery,
  channelPost,
  chosenInlineResult,
  command,
  editedChannelPost,
  editedMessage,
  HandlerClassError,
  type IncomingCallbackQuery,
  IncomingMessage,
  inlineQuery,
  message,
  poll,
  pollAnswer,
  preCheckoutQuery,
  rateLimit,
  shippingQuery,
  update,
} from 'limber/bot'
import { describe, expect, it, onTestFinished, test } from 'vitest'
import { loadHandlers } from './internals.ts'
import { messageOf, queryOf } from './updates.ts'

async function application() {
  const app = await createApplication({ config: { app: { name: 'library', providers: [] } } })
  await app.boot()
  onTestFinished(() => app.stop())
  return app
}

const load = async (...entries: readonly unknown[]) => loadHandlers(await application(), entries)
const reasonOf = async (entry: unknown) => {
  const error = await load(entry).catch((thrown: unknown) => thrown)
  if (!(error instanceof HandlerClassError)) throw error
  return error.message
}

test('methods are handlers of what their decorators say', async () => {
  class All {
    @command(['points', 'score'], { description: 'Show your points', chats: ['private'] })
    points() {
      return 'done'
    }
    @message({ text: /^hi/ })
    hello() {
      return 'done'
    }
    @editedMessage()
    changed() {
      return 'done'
    }
    @channelPost()
    post() {
      return 'done'
    }
    @editedChannelPost()
    changedPost() {
      return 'done'
    }
    @callbackQuery({ data: 'buy' })
    buy() {
      return 'done'
    }
    @inlineQuery({ query: 'x' })
    inline() {
      return 'done'
    }
    @chosenInlineResult()
    chosen() {
      return 'done'
    }
    @shippingQuery()
    shipping() {
      return 'done'
    }
    @preCheckoutQuery()
    checkout() {
      return 'done'
    }
    @poll()
    poll() {
      return 'done'
    }
    @pollAnswer()
    vote() {
      return 'done'
    }
    @update(['my_chat_member'])
    blocked() {
      return 'done'
    }
    helper() {
      return 'done'
    }
  }
  const handlers = await load(All)
  expect(handlers.map(({ name, kinds }) => `${name} ${kinds}`)).toEqual([
    'All.points message',
    'All.hello message',
    'All.changed edited_message',
    'All.post channel_post',
    'All.changedPost edited_channel_post',
    'All.buy callback_query',
    'All.inline inline_query',
    'All.chosen chosen_inline_result',
    'All.shipping shipping_query',
    'All.checkout pre_checkout_query',
    'All.poll poll',
    'All.vote poll_answer',
    'All.blocked my_chat_member',
  ])
  expect(handlers[0]?.options).toEqual({
    commands: ['points', 'score'],
    description: 'Show your points',
    chats: ['private'],
  })
  expect(handlers[1]?.options).toEqual({ text: /^hi/ })
})

test('roles and limits are those of every handler of the method, wherever they stand', async () => {
  class Bank {
    @allowedFor('owner', 'teller')
    @command('pay')
    @rateLimit({ max: 1, window: 1000, per: 'chat' })
    @callbackQuery({ data: 'pay' })
    pay() {
      return 'done'
    }
    @command('help')
    help() {
      return 'done'
    }
  }
  const [pay, button, help] = await load(Bank)
  const both = { allowedFor: ['owner', 'teller'], limit: { max: 1, window: 1000, per: 'chat' } }
  expect(pay?.options).toEqual({ commands: ['pay'], ...both })
  expect(button?.options).toEqual({ data: 'pay', ...both })
  expect(help?.options).toEqual({ commands: ['help'] })
})

test('a method is called on an object that the container makes, with its dependencies', async () => {
  @injectable()
  class Name {
    constructor(@inject('config') private readonly config: { get(key: 'app.name'): string }) {}
    @command('name')
    show(incoming: IncomingMessage) {
      incoming.reply(this.config.get('app.name'))
    }
  }
  const app = await application()
  const [handler] = await loadHandlers(app, [Name])
  const { message: incoming, replies } = messageOf({ text: '/name' })
  await app.scope(() => handler?.run(incoming))
  expect(replies.calls[0]?.payload.text).toBe('library')
})

describe('an inherited method', () => {
  class Base {
    @command('who')
    who(incoming: IncomingMessage) {
      incoming.reply(this.constructor.name)
    }
    @message()
    rest() {
      return 'done'
    }
  }
  class Middle extends Base {}
  class Heir extends Middle {
    override rest() {
      return 'done'
    }
    @command('more')
    more() {
      return 'done'
    }
  }

  it('is a handler of the class that inherits it', async () => {
    const app = await application()
    const handlers = await loadHandlers(app, [Heir])
    expect(handlers.map(({ name }) => name)).toEqual(['Heir.who', 'Heir.rest', 'Heir.more'])
    const { message: incoming, replies } = messageOf({ text: '/who' })
    await app.scope(() => handlers[0]?.run(incoming))
    expect(replies.calls[0]?.payload.text).toBe('Heir')
  })

  it('counts once, for the last heir, when all are listed', async () => {
    const names = (await load(async () => ({ Base, Middle, Heir }))).map(({ name }) => name)
    expect(names).toEqual(['Heir.who', 'Heir.rest', 'Heir.more'])
  })

  it('takes what the decorator of the heir says, when it has one', async () => {
    class Other extends Base {
      @command('whoami')
      override who() {
        return 'done'
      }
    }
    const handlers = await load(Base, Other)
    expect(handlers.map(({ name, options }) => [name, options.commands])).toEqual([
      ['Base.who', ['who']],
      ['Other.who', ['whoami']],
      ['Other.rest', undefined],
    ])
  })
})

describe('a wrong decorator is an error with the names of class and method', () => {
  it('when nothing says what the method takes', async () => {
    class Bank {
      @allowedFor('owner')
      pay() {
        return 'done'
      }
    }
    expect(await reasonOf(Bank)).toBe(
      'Bank.pay in config/bot.ts (handlers[0]) cannot be a handler: nothing says what it takes.',
    )
  })

  it('when the method is static', async () => {
    class Bank {
      @command('pay')
      static pay() {
        return 'done'
      }
    }
    expect(await reasonOf(Bank)).toContain(
      'Bank.pay in config/bot.ts (handlers[0]) cannot be a handler: it is static.',
    )
  })

  it('when it is no method', async () => {
    class Bank {}
    command('pay')(Bank.prototype, 'pay', {})
    expect(await reasonOf(Bank)).toContain(
      'Bank.pay in config/bot.ts (handlers[0]) cannot be a handler: it is no method.',
    )
  })

  it('when its options are wrong', async () => {
    class Bank {
      @command('/Pay')
      pay() {
        return 'done'
      }
    }
    expect(await reasonOf(Bank)).toContain(
      'its commands is ["/Pay"], and has to be a list of names without slash',
    )
    class Shop {
      @message(Object.assign({ text: 'x' }, { comands: ['x'] }))
      buy() {
        return 'done'
      }
    }
    expect(await reasonOf(Shop)).toContain('there is no option "comands".')
    class Club {
      @rateLimit({ max: -1, window: 10 })
      @message()
      join() {
        return 'done'
      }
    }
    expect(await reasonOf(Club)).toContain('its limit is {"max":-1,"window":10}')
  })
})

test('each update has an object of its own', async () => {
  class Counter {
    #count = 0
    @callbackQuery()
    press(incoming: IncomingCallbackQuery) {
      this.#count += 1
      incoming.answer(String(this.#count))
    }
  }
  const app = await application()
  const [handler] = await loadHandlers(app, [Counter])
  const { query, replies } = queryOf()
  for (let round = 0; round < 2; round += 1) await app.scope(() => handler?.run(query))
  expect(replies.calls.map(({ payload }) => payload.text)).toEqual(['1', '1'])
  expect(query).not.toBeInstanceOf(IncomingMessage)
})
