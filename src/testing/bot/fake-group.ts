/** @module A group that the bot of a test is in. */
import type { Chat } from 'grammy/types'
import type { BotApiInMemory } from './bot-api-in-memory.ts'
import type { BotReply } from './bot-reply.ts'

export interface FakeGroupOptions {
  /** Below zero, as the Bot API numbers groups; default: one that no other has. */
  readonly id?: number
  readonly title?: string
  /** Whose it is. */
  readonly owner?: { readonly id: number }
  readonly admins?: readonly { readonly id: number }[]
}

export class FakeGroup {
  readonly chat: Chat.SupergroupChat
  readonly #api: BotApiInMemory

  constructor(api: BotApiInMemory, options: FakeGroupOptions) {
    const { id = -1_000_000_000_000 - api.nextId(), title = 'Group', owner, admins = [] } = options
    this.#api = api
    this.chat = { id, type: 'supergroup', title }
    const memberOf = (user: { readonly id: number }, status: string) => ({
      status,
      user: { id: user.id, is_bot: false, first_name: `User ${user.id}` },
    })
    api.setAdministrators(id, [
      ...(owner ? [memberOf(owner, 'creator')] : []),
      ...admins.map((admin) => memberOf(admin, 'administrator')),
    ])
  }

  get id(): number {
    return this.chat.id
  }

  /** What the bot has written here. */
  get replies(): readonly BotReply[] {
    return this.#api.replies(this.id)
  }
}
