/** @module A user who writes to the bot of a test, in private or in a group. */
import type { Chat, MessageEntity, User } from 'grammy/types'
import type { BotApiInMemory } from './bot-api-in-memory.ts'
import type { BotButton, BotReply } from './bot-reply.ts'
import { NoSuchButtonError } from './errors.ts'
import type { FakeGroup } from './fake-group.ts'
import type { PartialUpdate } from './partial-update.ts'
import type { Payload } from './read-payload.ts'

export interface FakeUserOptions {
  /** Default: one that no other has. */
  readonly id?: number
  readonly name?: string
  readonly username?: string
  /** As the client sends it: `de-AT`. */
  readonly language?: string
}

/** What users of a test reach the bot by. */
export interface FakeBotFacts {
  readonly api: BotApiInMemory
  readonly receive: (update: PartialUpdate) => Promise<void>
}

export class FakeUser {
  readonly user: User
  readonly #facts: FakeBotFacts
  readonly #chat: Chat.PrivateChat | Chat.SupergroupChat

  constructor(
    facts: FakeBotFacts,
    user: User,
    chat: Chat.PrivateChat | Chat.SupergroupChat = privateChatOf(user),
  ) {
    this.#facts = facts
    this.user = user
    this.#chat = chat
  }

  get id(): number {
    return this.user.id
  }

  /** What the bot has written to this chat, as it reads now. */
  get replies(): readonly BotReply[] {
    return this.#facts.api.replies(this.#chat.id)
  }

  /** The texts of the replies. */
  get texts(): readonly string[] {
    return this.replies.map(({ text }) => text)
  }

  /** The same user in a group. */
  in({ chat }: FakeGroup): FakeUser {
    return new FakeUser(this.#facts, this.user, chat)
  }

  /**
   * Sends a message. It resolves when the bot has handled it, and its replies are sent.
   *
   * @returns what the bot has written to this chat meanwhile
   */
  async send(text: string): Promise<readonly BotReply[]> {
    const before = new Set(this.replies.map(({ id }) => id))
    await this.#facts.receive({ message: { ...this.#message(), text, ...entitiesOf(text) } })
    return this.replies.filter(({ id }) => !before.has(id))
  }

  /**
   * Presses a button of the newest message that has it.
   *
   * @param button its label or its data
   * @returns the text that the bot shows for it, if it shows one
   * @throws {NoSuchButtonError}
   */
  async press(button: string): Promise<string | undefined> {
    const [reply, found] = this.#find(button)
    // One of a keyboard in place of the letters only writes what stands on it.
    if (found.data === undefined) {
      await this.send(found.label)
      return undefined
    }
    const id = `press ${this.#facts.api.nextId()}`
    const message = { ...this.#facts.api.messageOf(reply), chat: this.#chat }
    await this.#facts.receive({
      callback_query: {
        id,
        from: this.user,
        chat_instance: String(this.#chat.id),
        data: found.data,
        message,
      },
    })
    const answer = this.#answerTo('answerCallbackQuery', 'callback_query_id', id)
    return typeof answer?.text === 'string' ? answer.text : undefined
  }

  /**
   * Asks the bot in line.
   *
   * @returns the results that the bot offers
   */
  async inline(query: string, offset = ''): Promise<readonly unknown[]> {
    const id = `inline ${this.#facts.api.nextId()}`
    await this.#facts.receive({ inline_query: { id, from: this.user, query, offset } })
    const results = this.#answerTo('answerInlineQuery', 'inline_query_id', id)?.results
    return Array.isArray(results) ? results : []
  }

  #find(button: string): [BotReply, BotButton] {
    const all = this.replies.toReversed().flatMap((reply) => {
      return reply.buttons
        .filter(({ url }) => url === undefined)
        .map((each) => [reply, each] as [BotReply, BotButton])
    })
    const found = all.find(([, { label, data }]) => label === button || data === button)
    if (found) return found
    throw new NoSuchButtonError(button, [...new Set(all.map(([, { label }]) => label))])
  }

  #answerTo(method: string, name: string, id: string): Payload | undefined {
    const { calls } = this.#facts.api
    return calls.find((call) => call.method === method && call.payload[name] === id)?.payload
  }

  #message() {
    const date = Math.floor(Date.now() / 1000)
    return { message_id: this.#facts.api.nextId(), date, chat: this.#chat, from: this.user }
  }
}

function privateChatOf({ id, first_name }: User): Chat.PrivateChat {
  return { id, type: 'private', first_name }
}

function entitiesOf(text: string): { entities?: MessageEntity[] } {
  const command = /^\/\w+(@\w+)?/.exec(text)?.[0]
  return command ? { entities: [{ type: 'bot_command', offset: 0, length: command.length }] } : {}
}
