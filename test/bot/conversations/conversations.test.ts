import {
  Conversation,
  ConversationOverError,
  ConversationStepError,
  callbackQuery,
  command,
  type IncomingCallbackQuery,
  type IncomingMessage,
  MessageHandler,
} from 'limber/bot'
import { expect, test } from 'vitest'
import { openWorld, type World } from '../access/world.ts'

interface Draft {
  title: string
  pages: number
}

class NewBook extends Conversation<Draft> {
  static commands = ['new_book']
  static expiresIn = 600_000

  handle(message: IncomingMessage) {
    message.reply('Title?')
    this.next('title')
  }

  title(message: IncomingMessage) {
    if (message.text === 'boom') throw new Error('the database fails')
    if (!message.text) return message.reply('Write a title.')
    message.reply('Pages?')
    return this.next('pages', { title: message.text })
  }

  pages(message: IncomingMessage) {
    const pages = Number(message.text)
    if (!Number.isInteger(pages)) return message.reply('A number.')
    message.reply(`Keep "${this.data.title}"?`)
    return this.next('sure', { pages })
  }

  @callbackQuery({ data: ['yes', 'no'] })
  sure(query: IncomingCallbackQuery) {
    if (query.data === 'yes') query.reply(`Kept "${this.data.title}", ${this.data.pages} pages.`)
    this.end()
  }

  @command('skip')
  skipped(message: IncomingMessage) {
    message.reply('Skipped.')
    this.end()
  }
}

class Help extends MessageHandler {
  static commands = ['help']
  handle(message: IncomingMessage) {
    message.reply('Help.')
  }
}

class Echo extends MessageHandler {
  handle(message: IncomingMessage) {
    message.reply(`Echo: ${message.text}`)
  }
}

async function library(...classes: Parameters<World['load']>) {
  const world = await openWorld({ owners: [11] })
  await world.load(...(classes.length > 0 ? classes : [NewBook, Help, Echo]))
  const user = world.make.user({ id: 77 })
  const say = (text: string) => world.send(world.make.message(user, text))
  const press = (data: string) => world.send(world.make.callbackQuery(user, data))
  const state = () => world.incomingOf(world.make.message(user, '')).state
  return { ...world, user, say, press, state }
}

test('a conversation asks one thing after the other, and remembers', async () => {
  const { say, press, state } = await library()
  expect(await say('/new_book')).toEqual(['Title?'])
  expect(await say('Dune')).toEqual(['Pages?'])
  expect(await say('many')).toEqual(['A number.'])
  expect(await say('412')).toEqual(['Keep "Dune"?'])
  expect([await state().name(), await state().data()]).toEqual([
    'NewBook#sure',
    { title: 'Dune', pages: 412 },
  ])
  expect(await press('yes')).toEqual(['Kept "Dune", 412 pages.'])
  expect(await state().name()).toBeUndefined()
  expect(await say('412')).toEqual(['Echo: 412'])
})

test('a step takes only what it says that it takes', async () => {
  const { say, press } = await library()
  await say('/new_book')
  expect(await press('yes')).toBeUndefined()
  await say('Dune')
  await say('412')
  expect(await say('yes')).toEqual(['Echo: yes'])
  expect(await press('perhaps')).toBeUndefined()
  expect(await press('no')).toEqual([])
})

test('other commands work meanwhile, and unknown ones are answers', async () => {
  const { say, state } = await library()
  await say('/new_book')
  expect(await say('/help')).toEqual(['Help.'])
  expect(await say('/1984')).toEqual(['Pages?'])
  expect(await state().data()).toEqual({ title: '/1984' })
})

test('a step that throws leaves everything as it was, so that the user may try again', async () => {
  const { say, state } = await library()
  await say('/new_book')
  await expect(say('boom')).rejects.toThrow('the database fails')
  expect(await state().name()).toBe('NewBook#title')
  expect(await say('Dune')).toEqual(['Pages?'])
})

test('it is left by a command, which elsewhere means nothing', async () => {
  const { say, state } = await library()
  expect(await say('/cancel')).toEqual(['Echo: /cancel'])
  await say('/new_book')
  expect(await say('/CANCEL@test_bot')).toEqual(['Cancelled.'])
  expect(await state().name()).toBeUndefined()
})

test('it is forgotten when nobody answers for too long, counted from the last answer', async () => {
  const { say, clock } = await library()
  await say('/new_book')
  await say('Dune')
  clock.time += 500_000
  expect(await say('many')).toEqual(['A number.'])
  clock.time += 599_999
  expect(await say('many')).toEqual(['A number.'])
  clock.time += 600_000
  expect(await say('412')).toEqual(['Echo: 412'])
})

test('a new one replaces the old one, also when it has nothing to ask', async () => {
  class Ask extends Conversation {
    static commands = ['ask']
    handle() {
      this.next('answer')
    }
    answer(message: IncomingMessage) {
      message.reply('Thanks.')
      this.end()
    }
  }
  class Say extends Conversation {
    static commands = ['say']
    handle(message: IncomingMessage) {
      message.reply('Said.')
    }
  }
  const { say, state } = await library(NewBook, Ask, Say)
  await say('/new_book')
  await say('Dune')
  await say('/ask')
  expect([await state().name(), await state().data()]).toEqual(['Ask#answer', {}])
  expect(await say('x')).toEqual(['Thanks.'])
  await say('/ask')
  await say('/say')
  expect(await state().name()).toBeUndefined()
})

test('users and chats have conversations of their own', async () => {
  const { say, send, make, user } = await library()
  await say('/new_book')
  const chat = make.group()
  expect(await send(make.message(user, 'x', { chat }))).toEqual(['Echo: x'])
  expect(await send(make.message(make.user(), 'x', { chat: make.privateChat(user) }))).toEqual(['Echo: x'])
})

test('a step that a deployment has removed ends it with an answer and a warning', async () => {
  const { app, say, press, state, lines } = await library()
  for (const answer of [() => say('Dune'), () => press('yes')]) {
    await app.scope(() => state().set('NewBook#subtitle', { title: 'Dune' }))
    expect(await answer()).toContain('This cannot go on. Begin again.')
    expect(await state().name()).toBeUndefined()
  }
  expect(lines).toMatchObject([
    { level: 40, conversation: 'NewBook', state: 'NewBook#subtitle' },
    { level: 40, state: 'NewBook#subtitle' },
  ])
  await app.scope(() => state().set('NewBook#subtitle'))
  expect(await say('/cancel')).toEqual(['Cancelled.'])
})

test('who may not begin may not go on either, and a rule holds for the steps', async () => {
  class Secret extends Conversation {
    static commands = ['secret']
    static allowedFor = 'owner'
    handle(message: IncomingMessage) {
      message.reply('Which?')
      this.next('which')
    }
    which(message: IncomingMessage) {
      message.reply('Shown.')
    }
  }
  const { app, say, state, table } = await library(Secret)
  await expect(say('/secret')).rejects.toMatchObject({ code: 'LIMBER_BOT_FORBIDDEN' })
  await app.scope(() => state().set('Secret#which'))
  await expect(say('x')).rejects.toMatchObject({ code: 'LIMBER_BOT_FORBIDDEN' })
  expect(table.handlers.find(({ name }) => name === 'Secret.which')?.under).toEqual(['secret'])
})

test('a step is a method, called in its turn', async () => {
  let kept: Ask | undefined
  class Ask extends Conversation {
    static commands = ['ask']
    handle() {
      kept = this
      Reflect.apply(Function.prototype.call, this.next, [this, 'anser'])
    }
    answer() {
      this.end()
    }
    later() {
      this.end()
    }
  }
  const { say } = await library(Ask)
  const wrong = say('/ask')
  await expect(wrong).rejects.toBeInstanceOf(ConversationStepError)
  await expect(wrong).rejects.toMatchObject({ hint: 'Did you mean "answer"?' })
  expect(() => kept?.later()).toThrow(ConversationOverError)
})

const asClass = (name: string, statics: object, ...steps: readonly string[]) => {
  const handle = () => undefined
  abstract class Ask extends Conversation {}
  Object.defineProperty(Ask, 'name', { value: name })
  for (const method of ['handle', ...steps]) Reflect.set(Ask.prototype, method, handle)
  return Object.assign(Ask, statics)
}

test.each<[string, ReturnType<typeof asClass>, string]>([
  ['without a command', asClass('Ask', {}), 'no command begins it'],
  [
    'with a static that is nearly one',
    asClass('Ask', { commands: ['a'], expiresIns: 1 }),
    'its static "expiresIns" is no option',
  ],
  ['with a time that is none', asClass('Ask', { commands: ['a'], expiresIn: 0 }), 'its expiresIn is 0'],
  [
    'with a command to leave it that is none',
    asClass('Ask', { commands: ['a'], cancel: ['/stop'] }),
    'cancel: its commands is ["/stop"]',
  ],
  [
    'with a name that is too long',
    asClass('A'.repeat(60), { commands: ['a'] }, 'answer'),
    'cannot be the name of a state',
  ],
])('a conversation %s is told at boot', async (_, type, message) => {
  const { load } = await openWorld()
  await expect(load(type)).rejects.toMatchObject({
    code: 'LIMBER_CONVERSATION_CLASS',
    message: expect.stringContaining(message),
  })
})

test('two conversations of the same name are told at boot', async () => {
  const { load } = await openWorld()
  const two = [asClass('Ask', { commands: ['a'] }), asClass('Ask', { commands: ['b'] })]
  await expect(load(...two)).rejects.toMatchObject({
    code: 'LIMBER_CONVERSATION_CLASS',
    message: expect.stringContaining('there is another one with this name'),
  })
})
