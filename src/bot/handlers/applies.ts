/** @module Whether an update is what a handler says that it takes, as far as the update itself tells. */
import { IncomingCallbackQuery } from '../incoming/incoming-callback-query.ts'
import { IncomingChosenInlineResult } from '../incoming/incoming-chosen-inline-result.ts'
import { IncomingInlineQuery } from '../incoming/incoming-inline-query.ts'
import { IncomingMessage } from '../incoming/incoming-message.ts'
import type { IncomingUpdate } from '../incoming/incoming-update.ts'
import { fitsText } from './fits-text.ts'
import type { HandlerOptions } from './handler-options.ts'

/** Commands, states and the filter of the handler are not looked at. */
export function applies(options: HandlerOptions, incoming: IncomingUpdate): boolean {
  const { chats, content, text, data, query } = options
  const isOfMessage = content !== undefined || text !== undefined
  return (
    (!chats || chats.some((type) => type === incoming.chat?.type)) &&
    (!isOfMessage || (incoming instanceof IncomingMessage && fitsMessage(options, incoming))) &&
    (data === undefined ||
      fitsText(data, incoming instanceof IncomingCallbackQuery ? incoming.data : undefined)) &&
    (query === undefined || fitsText(query, queryOf(incoming)))
  )
}

function fitsMessage({ content, text }: HandlerOptions, incoming: IncomingMessage): boolean {
  return (
    (!content || content.some((field) => incoming.payload[field] !== undefined)) &&
    (text === undefined || fitsText(text, incoming.text))
  )
}

function queryOf(incoming: IncomingUpdate): string | undefined {
  const hasQuery = incoming instanceof IncomingInlineQuery || incoming instanceof IncomingChosenInlineResult
  return hasQuery ? incoming.query : undefined
}
