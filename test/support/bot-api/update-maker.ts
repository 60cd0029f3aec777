/** @module Makes users, chats, and what they send, the way the Bot API writes it. Ids rise and are never used twice. */
import type { Chat, Message, MessageEntity, Update, User, UserFromGetMe } from 'grammy/types'

export type UpdateContent = Omit<Update, 'update_id'>

export interface MessageOptions {
  /** Default: the private chat of the user. */
  readonly chat?: Chat
  /** What the message has besides: `{ photo: […] }`. */
  readonly extra?: Partial<Message>
}

export class UpdateMaker {
  #lastUpdate = 500_000
  #lastUser = 7_000_000
  #lastChat = 4_000_000
  #lastMessage = 0
  #lastOther = 0
  readonly #me: UserFromGetMe

  constructor(me: UserFromGetMe) {
    this.#me = me
  }

  user(facts: Partial<User> = {}): User {
    this.#lastUser += 1
    return { id: this.#lastUser, is_bot: false, first_name: `User ${this.#lastUser}`, ...facts }
  }

  privateChat({ id, first_name }: User): Chat.PrivateChat {
    return { id, type: 'private', first_name }
  }

  group(title = 'Group'): Chat.SupergroupChat {
    return { id: this.#chatId(), type: 'supergroup', title }
  }

  channel(title = 'Channel'): Chat.ChannelChat {
    return { id: this.#chatId(), type: 'channel', title }
  }

  /** Gives an update its number. */
  update(content: UpdateContent): Update {
    this.#lastUpdate += 1
    return { update_id: this.#lastUpdate, ...content }
  }

  message(from: User, text: string, options: MessageOptions = {}): Update {
    return this.update({ message: this.#message(from, text, options) })
  }

  editedMessage(from: User, text: string, options: MessageOptions = {}): Update {
    const message = { ...this.#message(from, text, options), edit_date: this.#date() }
    return this.update({ edited_message: message })
  }

  channelPost(chat: Chat.ChannelChat, text: string): Update {
    const post = { ...this.#facts(text), chat, sender_chat: chat }
    return this.update({ channel_post: post })
  }

  /** Somebody presses a button of a message that the bot sent. */
  callbackQuery(from: User, data: string, options: MessageOptions = {}): Update {
    const message = this.#message(this.#me, 'Choose.', { chat: this.privateChat(from), ...options })
    return this.update({
      callback_query: { id: this.#id(), from, data, message, chat_instance: String(message.chat.id) },
    })
  }

  inlineQuery(from: User, query: string): Update {
    return this.update({ inline_query: { id: this.#id(), from, query, offset: '' } })
  }

  chosenInlineResult(from: User, query: string, result = 'one'): Update {
    return this.update({ chosen_inline_result: { result_id: result, from, query } })
  }

  shippingQuery(from: User, payload: string): Update {
    const address = {
      country_code: 'CU' as const,
      state: '',
      city: 'Havana',
      street_line1: 'Obispo 1',
      street_line2: '',
      post_code: '10100',
    }
    return this.update({
      shipping_query: { id: this.#id(), from, invoice_payload: payload, shipping_address: address },
    })
  }

  preCheckoutQuery(from: User, payload: string, amount = 100): Update {
    return this.update({
      pre_checkout_query: {
        id: this.#id(),
        from,
        currency: 'EUR',
        total_amount: amount,
        invoice_payload: payload,
      },
    })
  }

  pollAnswer(user: User, poll: string, ...options: number[]): Update {
    const answer = { poll_id: poll, user, option_ids: options, option_persistent_ids: options.map(String) }
    return this.update({ poll_answer: answer })
  }

  #message(from: User, text: string, { chat = this.privateChat(from), extra }: MessageOptions) {
    // Which kinds of messages there are is not of interest here: whoever asks for a photo gives one.
    return { ...this.#facts(text), from, chat, ...extra } as Message & Update.NonChannel
  }

  #facts(text: string) {
    const entities = commandsIn(text)
    const message_id = this.nextMessage()
    return { message_id, date: this.#date(), text, ...(entities.length > 0 && { entities }) }
  }

  nextMessage(): number {
    this.#lastMessage += 1
    return this.#lastMessage
  }

  #date(): number {
    return Math.floor(Date.now() / 1000)
  }

  #chatId(): number {
    this.#lastChat += 1
    return -1_000_000_000_000 - this.#lastChat
  }

  #id(): string {
    this.#lastOther += 1
    return `90000000000${this.#lastOther}`
  }
}

function commandsIn(text: string): MessageEntity[] {
  return [...text.matchAll(/(?<=^|\s)\/\w{1,32}(@\w{3,32})?/g)].map((match) => ({
    type: 'bot_command',
    offset: match.index,
    length: match[0].length,
  }))
}
