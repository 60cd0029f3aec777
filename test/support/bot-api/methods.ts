/** @module The methods of the Bot API that answer at once. */
import type { BotCommand, ChatMember, UserFromGetMe } from 'grammy/types'
import type { Refusal } from './faults.ts'
import type { Payload } from './request-body.ts'

/** Thrown by a method: becomes `{ ok: false }`. */
export class Refused extends Error {
  readonly refusal: Refusal

  constructor(code: number, description: string) {
    super(description)
    this.refusal = { code, description }
  }
}

export interface MethodFacts {
  readonly me: UserFromGetMe
  nextMessage(): number
}

const LONGEST_TEXT = 4096

export class Methods {
  readonly #facts: MethodFacts
  readonly #commands = new Map<string, BotCommand[]>()
  readonly #members = new Map<string, ChatMember>()

  constructor(facts: MethodFacts) {
    this.#facts = facts
  }

  setMember(chat: number, member: ChatMember): void {
    this.#members.set(`${chat} ${member.user.id}`, member)
  }

  /** Gives the result, or throws Refused. */
  call(method: string, payload: Payload): unknown {
    switch (method) {
      case 'getMe':
        return this.#facts.me
      case 'sendMessage':
        return this.#message(payload, { text: checkedText(payload) })
      case 'editMessageText':
        return this.#message(payload, { text: checkedText(payload), message_id: payload.message_id })
      case 'sendPhoto':
      case 'sendDocument':
        return this.#message(payload, { caption: payload.caption })
      case 'setMyCommands':
        this.#commands.set(scopeOf(payload), Array.isArray(payload.commands) ? payload.commands : [])
        return true
      case 'deleteMyCommands':
        this.#commands.delete(scopeOf(payload))
        return true
      case 'getMyCommands':
        return this.#commands.get(scopeOf(payload)) ?? []
      case 'getChatAdministrators':
        return this.#administrators(payload)
      case 'getChatMember':
        return this.#member(payload)
      case 'answerCallbackQuery':
      case 'answerInlineQuery':
      case 'answerShippingQuery':
      case 'answerPreCheckoutQuery':
      case 'sendChatAction':
      case 'deleteMessage':
        return true
      default:
        throw new Refused(404, 'Not Found: method not found')
    }
  }

  #message(payload: Payload, facts: object) {
    const id = payload.chat_id
    if (typeof id !== 'number') throw new Refused(400, 'Bad Request: chat_id is empty')
    const chat =
      id > 0 ? { id, type: 'private', first_name: 'User' } : { id, type: 'supergroup', title: 'Group' }
    const date = Math.floor(Date.now() / 1000)
    return { message_id: this.#facts.nextMessage(), date, chat, from: this.#facts.me, ...facts }
  }

  #administrators({ chat_id }: Payload): ChatMember[] {
    const isOne = ({ status }: ChatMember) => status === 'creator' || status === 'administrator'
    const here = [...this.#members].filter(([key]) => key.startsWith(`${chat_id} `))
    return here.map(([, member]) => member).filter(isOne)
  }

  #member({ chat_id, user_id }: Payload): ChatMember {
    const member = this.#members.get(`${chat_id} ${user_id}`)
    if (!member) throw new Refused(400, 'Bad Request: user not found')
    return member
  }
}

function scopeOf({ scope, language_code = '' }: Payload): string {
  return `${JSON.stringify(scope ?? { type: 'default' })} ${language_code}`
}

function checkedText({ text }: Payload): string {
  if (typeof text !== 'string' || text.trim() === '')
    throw new Refused(400, 'Bad Request: message text is empty')
  if (text.length > LONGEST_TEXT) throw new Refused(400, 'Bad Request: message is too long')
  return text
}
