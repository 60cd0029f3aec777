/** @module Makes what handlers are given of an update. */
import type { Api } from 'grammy'
import type { UserFromGetMe } from 'grammy/types'
import type { Clock } from '../../application/ports/clock.ts'
import type { StateKey } from '../../application/ports/update-store.ts'
import { senderOf } from '../access/sender.ts'
import type { Wording } from '../incoming/incoming-facts.ts'
import type { IncomingUpdate } from '../incoming/incoming-update.ts'
import { makeIncoming } from '../incoming/make-incoming.ts'
import { Replies } from '../replies/replies.ts'
import type { ChatState } from '../state/chat-state.ts'
import { StoredChatState } from '../state/stored-chat-state.ts'
import type { Wordings } from '../texts/wordings.ts'
import type { ReadUpdate } from '../updates/read-update.ts'
import { idsOf, userOf } from '../updates/who.ts'
import type { UpdateOwner } from './update-owner.ts'

export interface IncomingTools {
  readonly api: Api
  readonly me: UserFromGetMe
  /** The id of the bot. */
  readonly bot: number
  readonly clock: Clock
  readonly wordings: Wordings
}

export class IncomingMaker {
  readonly #tools: IncomingTools

  constructor(tools: IncomingTools) {
    this.#tools = tools
  }

  /** For one unit of work: what it queues, and what it sees of the state, is its own. */
  make({ update, kind }: ReadUpdate, owner: UpdateOwner): { incoming: IncomingUpdate; replies: Replies } {
    const { me, api } = this.#tools
    const replies = new Replies()
    const state = this.stateOf({ update, kind }, owner)
    const wording = this.wordingOf({ update, kind }, owner)
    return { incoming: makeIncoming({ update, kind, me, api, replies, state, wording }), replies }
  }

  wordingOf({ update }: ReadUpdate, { part }: UpdateOwner): Wording {
    return this.#tools.wordings.for(part, userOf(update)?.language_code)
  }

  stateOf({ update }: ReadUpdate, { store, module = '' }: UpdateOwner): ChatState {
    const { bot, clock } = this.#tools
    const { chat, user: account } = idsOf(update)
    // All who write in the name of a chat share one account: theirs would be the state of each other.
    const user = account === undefined ? undefined : (senderOf(update).inNameOf ?? account)
    const isKept = chat !== undefined && user !== undefined
    const key: StateKey | undefined = isKept ? { bot, module, chat, user } : undefined
    return new StoredChatState(store, key, clock)
  }
}
