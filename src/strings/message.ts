/** @module A text in ICU message format: whether it can be read, and what it says with its values. */
import type { IntlMessageFormat } from 'intl-messageformat'
import { codeOf } from '../support/code-of.ts'
import { messageOf } from '../support/message-of.ts'
import type { TextValues } from './strings.ts'

export type Icu = typeof IntlMessageFormat
type Value = string | number | Date

/** A text that chooses more often than this is none that people wrote; parsers run out of stack with it. */
const MOST_CHOICES = 50

/** Gives why a text cannot be read, as a sentence goes on, or undefined when it can. */
export function objectionToMessage(text: string, language: string, icu: Icu): string | undefined {
  const choices = text.match(/plural|select/g)?.length ?? 0
  if (choices > MOST_CHOICES) return `it chooses ${choices} times; ${MOST_CHOICES} are the most`
  try {
    compileMessage(text, language, icu)
    return undefined
  } catch (error) {
    // The parser adds where it stopped: location.start.offset.
    const start = Reflect.get(Object(Reflect.get(Object(error), 'location')), 'start')
    const offset: unknown = Reflect.get(Object(start), 'offset')
    const where = typeof offset === 'number' ? ` at character ${offset + 1}` : ''
    return `it is no ICU message (${messageOf(error).toLowerCase().replaceAll('_', ' ')}${where})`
  }
}

/** Tags are texts here: what is written for a chat or a page keeps its `<b>`. */
export function compileMessage(text: string, language: string, icu: Icu): IntlMessageFormat {
  return new icu(text, language, undefined, { ignoreTag: true })
}

/** @throws what the package throws for values that are missing or cannot be shown */
export function fillIn(message: IntlMessageFormat, values: TextValues): string {
  // Without a prototype, or `{constructor}` would find a value that nobody gave.
  const given: Record<string, Value> = Object.create(null)
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null)
      given[name] = typeof value === 'boolean' ? String(value) : value
  }
  const parts = message.formatToParts<Value>(given)
  return parts.map(({ value }) => (value instanceof Date ? value.toISOString() : String(value))).join('')
}

/** Why a text could not be filled in, as a sentence goes on. */
export function reasonOf(error: unknown): string {
  const missing =
    codeOf(error) === 'MISSING_VALUE' ? /variable "(.*?)"/.exec(messageOf(error))?.[1] : undefined
  return missing === undefined ? messageOf(error) : `the value "${missing}" was not given`
}
