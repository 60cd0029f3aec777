/** @module Makes the messages that a reply takes. */
import type { ParseMode } from 'grammy/types'
import { ReplyTooLongError } from './errors.ts'
import { splitHtml } from './split-html.ts'
import { LONGEST_MESSAGE, splitText } from './split-text.ts'

/**
 * Splits what is too long for one message, at paragraphs, lines or words. What shows nothing is left out, since the Bot API
 * takes no such message.
 *
 * @returns one text for each message, at least one
 * @throws {ReplyTooLongError} for Markdown, which cannot be split
 */
export function messageParts(text: string, parseMode?: ParseMode): readonly string[] {
  if (text.length <= LONGEST_MESSAGE) return [text]
  if (parseMode !== undefined && parseMode !== 'HTML') throw new ReplyTooLongError(text.length, parseMode)
  const parts = parseMode === 'HTML' ? splitHtml(text) : splitText(text)
  const shown = parts.filter(
    (part) => (parseMode === 'HTML' ? part.replace(/<[^>]*>/g, '') : part).trim() !== '',
  )
  return shown.length > 0 ? shown : [text]
}
