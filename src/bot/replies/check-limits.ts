/** @module What the Bot API is sure to refuse is told where it is written: after the commit nobody is there to hear it. */
import { ReplyLimitError } from '../errors.ts'
import { htmlPieces } from '../texts/html-pieces.ts'

type Payload = Readonly<Record<string, unknown>>

/** Of texts, in characters; of the data of a button, in bytes of UTF-8. */
const MOST = { message: 4096, caption: 1024, answer: 200, data: 64 }

/**
 * Counts as the Bot API does where that is known, else less: what may pass is left to it.
 *
 * @throws {ReplyLimitError}
 */
export function checkLimits(method: string, payload: Payload): void {
  const check = (place: string, size: number, most: number, hint: string, unit = 'characters') => {
    if (size > most) throw new ReplyLimitError(method, place, `${size} ${unit}`, most, hint)
  }
  if (method === 'answerCallbackQuery')
    check('text', lengthOf(payload.text), MOST.answer, 'Say it in a message: query.reply(text).')
  if (method === 'sendMessage' || method === 'editMessageText')
    check(
      'text',
      shownLength(payload, 'text'),
      MOST.message,
      'Send several: reply() splits what has no entities.',
    )
  check('caption', shownLength(payload, 'caption'), MOST.caption, 'Send the rest as a message of its own.')
  for (const [place, data] of buttonsOf(payload.reply_markup)) {
    const hint = 'Keep a short key in it, and what it stands for in a state or a model.'
    check(place, Buffer.byteLength(data), MOST.data, hint, 'bytes')
  }
}

/** Without what the parse mode takes for markup; what it makes of Markdown is not known here. */
function shownLength(payload: Payload, name: string): number {
  const { [name]: text, parse_mode: mode } = payload
  if (typeof text !== 'string' || typeof mode !== 'string') return lengthOf(text)
  if (mode !== 'HTML') return 0
  return lengthOf(
    htmlPieces(text)
      .map(({ shown }) => shown)
      .join(''),
  )
}

function lengthOf(text: unknown): number {
  return typeof text === 'string' ? [...text.trim()].length : 0
}

function* buttonsOf(markup: unknown): Iterable<readonly [place: string, data: string]> {
  for (const [row, buttons] of listOf(fieldOf(markup, 'inline_keyboard')).entries()) {
    for (const [column, button] of listOf(buttons).entries()) {
      const data = fieldOf(button, 'callback_data')
      const place = `reply_markup.inline_keyboard[${row}][${column}].callback_data`
      if (typeof data === 'string') yield [place, data]
    }
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function fieldOf(value: unknown, name: string): unknown {
  return Reflect.get(Object(value), name)
}
