/** @module What an incoming update is made from. */
import type { Api } from 'grammy'
import type { Update, UserFromGetMe } from 'grammy/types'
import type { TextValues } from '../../strings/strings.ts'
import type { Replies } from '../replies/replies.ts'
import type { ChatState } from '../state/chat-state.ts'
import type { AnyUpdateKind } from '../updates/update-kind.ts'

/** The texts and templates of whoever owns the handler, in the language of the user. */
export interface Wording {
  /** Gives a text of `strings/`, or its key. */
  text(key: string, values?: TextValues): string
  /** Fills in a template of `templates/`. */
  render(template: string, values?: Readonly<Record<string, unknown>>): Promise<string>
}

export interface IncomingFacts {
  readonly update: Update
  readonly kind: AnyUpdateKind
  /** The bot itself. */
  readonly me: UserFromGetMe
  /** Calls at once, whatever becomes of the unit of work. */
  readonly api: Api
  readonly replies: Replies
  readonly state: ChatState
  readonly wording: Wording
}
