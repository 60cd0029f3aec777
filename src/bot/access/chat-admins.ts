/** @module Who administers a chat: asked of the Bot API, and remembered for a minute. */
import type { Api } from 'grammy'
import type { Clock } from '../../application/ports/clock.ts'
import { refusalOf } from '../transport/api-refusal.ts'
import { BoundedMap } from './bounded-map.ts'
import { ChatMemberUnknownError } from './errors.ts'

/** What a user is in a chat. */
export type ChatRank = 'owner' | 'admin' | 'none'

/** In milliseconds. */
const REMEMBERED = 60_000
/** In users of chats. */
const ROOM = 10_000

export class ChatAdmins {
  readonly #clock: Clock
  readonly #known: BoundedMap<Promise<ChatRank>>

  constructor(clock: Clock, room = ROOM) {
    this.#clock = clock
    this.#known = new BoundedMap(clock, room)
  }

  /** @throws {ChatMemberUnknownError} when the Bot API is away */
  rankOf(api: Api, chat: number, user: number): Promise<ChatRank> {
    const key = `${chat}/${user}`
    const known = this.#known.get(key)
    if (known) return known
    // Remembered before it is answered: of many who ask at once, one asks the Bot API.
    const rank = askRank(api, chat, user)
    this.#known.set(key, rank, this.#clock.now() + REMEMBERED)
    rank.catch(() => this.#known.delete(key, rank))
    return rank
  }
}

async function askRank(api: Api, chat: number, user: number): Promise<ChatRank> {
  try {
    const { status } = await api.getChatMember(chat, user)
    if (status === 'creator') return 'owner'
    return status === 'administrator' ? 'admin' : 'none'
  } catch (error) {
    // What the Bot API does not tell about is no administrator. When it is away, nobody knows.
    if (isRefusal(error)) return 'none'
    throw new ChatMemberUnknownError(error)
  }
}

/** Whether the Bot API refuses this very question; not the token, or one question too many. */
function isRefusal(error: unknown): boolean {
  const code = refusalOf(error)?.code
  return code !== undefined && code >= 400 && code < 500 && code !== 429 && code !== 401
}
