/** @module Updates as the Bot API sends them, and what is made of them on their way to a handler. */
import { Api } from 'grammy'
import type { Chat, Message, Update } from 'grammy/types'
import { type ChatState, IncomingCallbackQuery, IncomingMessage, type IncomingUpdate } from 'limber/bot'
import { botUser } from '../../support/bot-api/bot-user.ts'
import { HandlerTable, makeIncoming, type RegisteredHandler, Replies } from './internals.ts'

export type Kind = Exclude<keyof Update, 'update_id'>

export const ME = botUser({ id: 1, first_name: 'Shop', username: 'Shop_Bot' })
export const ADA = { id: 7, is_bot: false, first_name: 'Ada' }
export const CHATS = {
  private: { id: 7, type: 'private', first_name: 'Ada' },
  group: { id: -5, type: 'group', title: 'Group' },
  supergroup: { id: -6, type: 'supergroup', title: 'Supergroup' },
  channel: { id: -8, type: 'channel', title: 'Channel' },
} as const satisfies Record<Chat['type'], Chat>

const NO_STATE: ChatState = {
  name: async () => undefined,
  data: async () => ({}),
  set: async () => undefined,
  clear: async () => undefined,
}

/** An update of any kind on its way, and what it queues. */
export function incomingOf(kind: Kind, payload: object): { incoming: IncomingUpdate; replies: Replies } {
  const replies = new Replies()
  const update: Update = { update_id: 1, [kind]: payload }
  const wording = {
    text: (key: string) => `text of ${key}`,
    render: async (name: string) => `filled ${name}`,
  }
  const facts = { update, kind, me: ME, api: new Api('1:token'), replies, state: NO_STATE, wording }
  return { incoming: makeIncoming(facts), replies }
}

export const aMessage = (facts: Partial<Message> = {}) => ({
  message_id: 3,
  date: 0,
  chat: CHATS.private,
  from: ADA,
  ...facts,
})

export const aQuery = (facts: object = {}) => ({
  id: 'q1',
  from: ADA,
  chat_instance: 'x',
  message: aMessage(),
  ...facts,
})

export function messageOf(facts: Partial<Message>, kind: Kind = 'message') {
  const { incoming, replies } = incomingOf(kind, aMessage(facts))
  if (!(incoming instanceof IncomingMessage)) throw new Error('It is no message.')
  return { message: incoming, replies }
}

export function queryOf(facts: object = {}) {
  const { incoming, replies } = incomingOf('callback_query', aQuery(facts))
  if (!(incoming instanceof IncomingCallbackQuery)) throw new Error('It is no callback query.')
  return { query: incoming, replies }
}

export function handler(facts: Partial<RegisteredHandler> & { readonly name: string }): RegisteredHandler {
  return {
    module: undefined,
    place: 'config/bot.ts',
    kinds: ['message'],
    options: {},
    run: () => undefined,
    ...facts,
  }
}

/** The name of whoever takes an update, of these handlers. */
export async function taker(
  handlers: readonly RegisteredHandler[],
  incoming: IncomingUpdate,
  states: Readonly<Record<string, string | undefined>> = {},
): Promise<string | undefined> {
  const table = new HandlerTable()
  table.add(handlers)
  return (await table.match(incoming, async (module = '') => states[module]))?.name
}
