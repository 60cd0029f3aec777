/** @module An update on its way to a handler. */
import type { Api } from 'grammy'
import type { Chat, Update, User, UserFromGetMe } from 'grammy/types'
import type { TextValues } from '../../strings/strings.ts'
import type { BotMethod, BotPayload } from '../replies/replies.ts'
import type { ChatState } from '../state/chat-state.ts'
import type { AnyUpdateKind } from '../updates/update-kind.ts'
import { chatOf, userOf } from '../updates/who.ts'
import type { IncomingFacts } from './incoming-facts.ts'

/** What every kind of update has; each kind adds its own. */
export class IncomingUpdate {
  readonly #facts: IncomingFacts

  constructor(facts: IncomingFacts) {
    this.#facts = facts
  }

  /** The update as it was sent. */
  get update(): Update {
    return this.#facts.update
  }

  /** `message`, `callback_query`. */
  get kind(): AnyUpdateKind {
    return this.#facts.kind
  }

  /** The bot itself. */
  get me(): UserFromGetMe {
    return this.#facts.me
  }

  /** Who sent it; undefined for polls and channels. */
  get from(): User | undefined {
    return userOf(this.update)
  }

  /** Where it was sent; undefined for what belongs to no chat, such as an inline query. */
  get chat(): Chat | undefined {
    return chatOf(this.update)
  }

  /** The state of this user in this chat. */
  get state(): ChatState {
    return this.#facts.state
  }

  /** The Bot API itself: calls at once, whatever becomes of the unit of work. */
  get api(): Api {
    return this.#facts.api
  }

  /**
   * Has a method of the Bot API called once the unit of work is committed; not at all when it is rolled back. What is called
   * survives a restart.
   *
   * @throws {ReplyNotJsonError} for what cannot be kept until then, such as the content of a file
   * @throws {ReplyLimitError} for what is longer than the Bot API takes
   */
  call<M extends BotMethod>(method: M, payload: BotPayload<M>): void {
    this.#facts.replies.add(method, payload)
  }

  /** Gives a text of `strings/` in the language of the user. */
  translate(key: string, values?: TextValues): string {
    return this.#facts.wording.text(key, values)
  }

  /** Fills in a template of `templates/`, in the language of the user. */
  render(template: string, values?: Readonly<Record<string, unknown>>): Promise<string> {
    return this.#facts.wording.render(template, values)
  }
}
