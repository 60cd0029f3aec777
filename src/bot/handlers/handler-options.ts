/** @module What a handler says about the updates that it takes. */
import type { Chat, Message } from 'grammy/types'
import type { IncomingUpdate } from '../incoming/incoming-update.ts'

/** A text is compared as a whole, an expression has to match somewhere. */
export type TextPattern = string | RegExp | readonly (string | RegExp)[]

/** `owner` of the bot, `chat_owner`, `chat_admins`, `all`, or a role of the application's own. */
export type Role = string

export interface HandlerLimit {
  /** At most this often. */
  readonly max: number
  /** Within this time, in milliseconds. */
  readonly window: number
  /** Whose calls are counted together; default `user`. */
  readonly per?: 'user' | 'chat'
}

/** A handler takes an update when everything that it says applies; what it leaves out applies to every update. */
export interface HandlerOptions {
  /** Commands without slash: `create_profile`. `/create_profile@this_bot` is the same. */
  readonly commands?: readonly string[]
  /** What the command does, for the list of commands in clients; without it the command is not listed. */
  readonly description?: string
  /** The text or the caption of a message. */
  readonly text?: TextPattern
  /** What messages carry, one of which is enough: `photo`. */
  readonly content?: readonly (keyof Message)[]
  /** `private`, `group`, `supergroup`, `channel`. */
  readonly chats?: readonly Chat['type'][]
  /** The data of a callback query. */
  readonly data?: TextPattern
  /** The query of an inline query, or of a chosen inline result. */
  readonly query?: TextPattern
  /** The state, one of which is enough; an expression has to match somewhere. */
  readonly state?: TextPattern
  /** Whatever else has to be true. It runs outside of any unit of work. */
  filter?(incoming: IncomingUpdate): boolean | Promise<boolean>
  /** Roles, one of which is enough; default: all. A rule that is kept for the command is stronger. */
  readonly allowedFor?: Role | readonly Role[]
  readonly limit?: HandlerLimit
}
