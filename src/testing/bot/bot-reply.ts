/** @module A message of the bot, as those who read it see it. */
import type { Payload } from './read-payload.ts'

export interface BotButton {
  readonly label: string
  /** What a press sends to the bot; undefined for links, and for keyboards in place of the one for letters. */
  readonly data: string | undefined
  readonly url: string | undefined
}

export interface BotReply {
  readonly id: number
  readonly chat: number
  /** The text or the caption. */
  readonly text: string
  /** All buttons, row by row. */
  readonly buttons: readonly BotButton[]
  /** The method that sent it: `sendMessage`. */
  readonly method: string
  /** What the method was given. */
  readonly payload: Payload
}

export function replyOf(id: number, chat: number, method: string, payload: Payload): BotReply {
  const text = String(payload.text ?? payload.caption ?? '')
  return { id, chat, text, buttons: buttonsOf(payload.reply_markup), method, payload }
}

function buttonsOf(markup: unknown): readonly BotButton[] {
  const rows: unknown = fieldOf(markup, 'inline_keyboard') ?? fieldOf(markup, 'keyboard') ?? []
  return (Array.isArray(rows) ? rows.flat() : []).map((button: unknown) => ({
    label: typeof button === 'string' ? button : String(fieldOf(button, 'text')),
    data: textOf(fieldOf(button, 'callback_data')),
    url: textOf(fieldOf(button, 'url')),
  }))
}

function fieldOf(value: unknown, name: string): unknown {
  return Reflect.get(Object(value), name)
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
