/** @module What somebody is told whose update could not be handled. */
import type { StoredCall } from '../../application/ports/update-store.ts'
import { LimberError } from '../../errors/limber-error.ts'
import { BotForbiddenError, BotLimitError } from '../access/errors.ts'
import type { Wording } from '../incoming/incoming-facts.ts'
import { sameTopic } from '../incoming/same-topic.ts'
import { LONGEST_MESSAGE } from '../texts/split-text.ts'
import type { ReadUpdate } from '../updates/read-update.ts'

/** The Bot API takes no longer text over a chat. */
const LONGEST_ANSWER = 200

/** Says what went wrong, as far as it is for everybody. */
export function textFor(error: unknown, wording: Wording): string {
  if (error instanceof BotForbiddenError) return wording.text('bot.forbidden')
  if (error instanceof BotLimitError) return wording.text('bot.limit')
  const isOwnFault = error instanceof LimberError && error.kind !== 'internal' && error.kind !== 'unavailable'
  return (isOwnFault ? error.publicMessage : undefined) ?? wording.text('bot.failed')
}

/** Answers commands, what is written in private, and buttons; in the middle of a group, nobody has asked. */
export function answerTo({ update }: ReadUpdate, text: string): StoredCall | undefined {
  const { callback_query: query, message } = update
  if (query) {
    const payload = { callback_query_id: query.id, text: cut(text, LONGEST_ANSWER) }
    return { method: 'answerCallbackQuery', payload }
  }
  const isAsked = message?.chat.type === 'private' || (message?.text ?? message?.caption)?.startsWith('/')
  if (!message || !isAsked) return undefined
  return {
    method: 'sendMessage',
    payload: { chat_id: message.chat.id, text: cut(text, LONGEST_MESSAGE), ...sameTopic(message) },
  }
}

/** Never half a pair of surrogates, which the Bot API refuses. */
function cut(text: string, length: number): string {
  return text.slice(0, length).toWellFormed()
}
