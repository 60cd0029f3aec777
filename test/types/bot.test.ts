import type { Message } from 'grammy/types'
import {
  allowedFor,
  CallbackQueryHandler,
  callbackQuery,
  command,
  type IncomingCallbackQuery,
  type IncomingInlineQuery,
  type IncomingMessage,
  type IncomingUpdate,
  inlineQuery,
  MessageHandler,
  message,
  rateLimit,
  UpdateHandler,
  update,
} from 'limber/bot'
import { expectTypeOf, test } from 'vitest'

test('a handler is given its kind, and its statics need no type', () => {
  class Profile extends MessageHandler {
    static commands = ['profile']
    static chats = ['private']
    static limit = { max: 1, window: 1000, per: 'chat' }

    static filter(incoming: IncomingMessage) {
      return incoming.text !== undefined
    }

    async handle(incoming: IncomingMessage) {
      expectTypeOf(incoming.payload).toEqualTypeOf<Message>()
      expectTypeOf(incoming.command?.args).toEqualTypeOf<string | undefined>()
    }
  }
  class Silent extends MessageHandler {
    handle() {
      return 1
    }
  }
  class Any extends CallbackQueryHandler {
    handle(incoming: IncomingUpdate) {
      return incoming.kind
    }
  }
  class Wrong extends MessageHandler {
    // @ts-expect-error a message is no callback query
    handle(incoming: IncomingCallbackQuery) {
      return incoming.data
    }
  }
  // @ts-expect-error it does not handle anything
  class Nothing extends UpdateHandler {}
  expectTypeOf([Profile, Silent, Any, Wrong, Nothing]).toBeArray()
})

test('a decorated method fits what its decorator gives it', () => {
  class Shop {
    @command('buy', { chats: ['private'], filter: ({ text }) => text !== undefined })
    @allowedFor('owner', 'chat_admins')
    @rateLimit({ max: 1, window: 1000, per: 'chat' })
    async buy(incoming: IncomingMessage) {
      return incoming.text
    }

    @command(['sell', 'offer'])
    sell() {
      return 1
    }

    @update(['my_chat_member'])
    @message()
    either(incoming: IncomingUpdate) {
      return incoming.kind
    }

    @callbackQuery({ data: /^buy/ })
    press(incoming: IncomingCallbackQuery) {
      return incoming.data
    }

    // @ts-expect-error a command comes with a message
    @command('wrong')
    wrong(incoming: IncomingCallbackQuery) {
      return incoming.data
    }

    // @ts-expect-error an inline query is no message
    @message()
    wrongToo(incoming: IncomingInlineQuery) {
      return incoming.query
    }

    // @ts-expect-error a handler is given one thing
    @inlineQuery()
    two(incoming: IncomingInlineQuery, other: string) {
      return [incoming, other]
    }

    // @ts-expect-error a property is no method
    @message()
    field = 1
  }
  expectTypeOf(new Shop()).toBeObject()
})

test('an option that a kind does not have does not compile', () => {
  const wrong = () => [
    // @ts-expect-error messages have no data
    message({ data: 'x' }),
    // @ts-expect-error callback queries have no text
    callbackQuery({ text: 'x' }),
    // @ts-expect-error an inline query belongs to no chat
    inlineQuery({ chats: ['private'] }),
    // @ts-expect-error there are no such chats
    message({ chats: ['public'] }),
    // @ts-expect-error messages carry no such thing
    message({ content: ['foto'] }),
    // @ts-expect-error there is no such kind
    update(['my_chat_membr']),
    // @ts-expect-error a limit needs a window
    rateLimit({ max: 1 }),
    // @ts-expect-error at least one role
    allowedFor(),
  ]
  expectTypeOf(wrong).toBeFunction()
})

test('what is queued has the types of the Bot API', () => {
  const queue = (incoming: IncomingMessage, query: IncomingCallbackQuery) => {
    incoming.reply('hello', { parse_mode: 'HTML' })
    // @ts-expect-error there is no such mode
    incoming.reply('hello', { parse_mode: 'html' })
    // @ts-expect-error the chat is that of the message
    incoming.reply('hello', { chat_id: 1 })
    incoming.call('sendMessage', { chat_id: 1, text: 'hello' })
    // @ts-expect-error the text is missing
    incoming.call('sendMessage', { chat_id: 1 })
    query.answer('done', { show_alert: true })
    // @ts-expect-error the text stands before
    query.edit('new', { text: 'newer' })
  }
  expectTypeOf(queue).toBeFunction()
})

test('commands and roles are said by statics, not by fields', () => {
  class Fields extends MessageHandler {
    // @ts-expect-error: as a field it would say nothing.
    commands = ['ban']
    // @ts-expect-error: as a field it would keep nobody away.
    allowedFor = 'owner'
    handle() {
      return 1
    }
  }
  expectTypeOf(Fields).toBeConstructibleWith()
})
