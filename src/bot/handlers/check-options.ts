/** @module Checks what a handler says that it takes: statics have no types, and decorators can be given anything. */
import { suggest } from '../../support/suggest.ts'
import type { AnyUpdateKind } from '../updates/update-kind.ts'
import type { HandlerOptions } from './handler-options.ts'
import { ALL_KINDS, isKind, KINDS_OF_OPTION } from './kinds.ts'
import { MESSAGE_FIELDS } from './message-fields.ts'

/** Makes the error, which knows the handler and its place. */
export type Refusal = (reason: string, hint: string) => Error

interface Check {
  readonly expected: string
  fits(value: unknown): boolean
  /** What can stand in it, where that is known. */
  readonly words?: readonly string[]
}

const CHAT_TYPES = ['private', 'group', 'supergroup', 'channel']
const COMMAND = /^[a-z0-9_]{1,32}$/

const CHECKS: Readonly<Record<keyof HandlerOptions, Check>> = {
  commands: {
    expected: 'a list of names without slash, each of 1 to 32 of a-z, 0-9 and _',
    fits: (value) => isListOf(value, (name) => typeof name === 'string' && COMMAND.test(name)),
  },
  description: {
    expected: 'a text of 1 to 256 characters',
    fits: (value) => typeof value === 'string' && value.trim() !== '' && value.length <= 256,
  },
  text: pattern(),
  data: pattern(),
  query: pattern(),
  content: listOf('a list of fields of a message, such as "photo"', MESSAGE_FIELDS),
  chats: listOf('a list of "private", "group", "supergroup" and "channel"', CHAT_TYPES),
  state: pattern(),
  allowedFor: { expected: 'the name of a role, or a list of them', fits: isNameOrNames },
  filter: { expected: 'a function', fits: (value) => typeof value === 'function' },
  limit: {
    expected: '{ max, window, per? }: a whole number from 1 on, milliseconds, and "user" or "chat"',
    fits: isLimit,
  },
}

export const OPTION_NAMES = Object.keys(CHECKS)

/** Refuses options that are no options, are not what they should be, or apply to none of these kinds. */
export function checkOptions(
  given: object,
  kinds: readonly AnyUpdateKind[],
  refuse: Refusal,
): asserts given is HandlerOptions {
  for (const [name, value] of Object.entries(given)) {
    const check = isOption(name) ? CHECKS[name] : undefined
    if (!check) {
      const near = suggest(name, OPTION_NAMES)
      throw refuse(`there is no option "${name}".`, near ? `Did you mean "${near}"?` : 'Leave it out.')
    }
    checkValue(name, value, check, refuse)
    const other = kinds.find((kind) => KINDS_OF_OPTION[name]?.includes(kind) === false)
    if (other) throw refuse(`${name} does not apply to updates of the kind ${other}.`, `Leave ${name} out.`)
  }
  if ('description' in given && !('commands' in given)) {
    throw refuse('it has a description, and no commands.', 'Say its commands, or leave the description out.')
  }
}

/** Refuses what are no kinds of updates. */
export function checkKinds(kinds: unknown, refuse: Refusal): asserts kinds is readonly AnyUpdateKind[] {
  checkValue('kinds', kinds, { ...listOf('a list of kinds of updates', ALL_KINDS) }, refuse)
  if (!isListOf(kinds, isKind)) throw refuse('it says no kinds.', 'Name them: static kinds = […].')
}

function checkValue(
  name: string,
  value: unknown,
  { expected, fits, words = [] }: Check,
  refuse: Refusal,
): void {
  if (fits(value)) return
  const wrong = Array.isArray(value) ? value.find((each) => !fits([each])) : undefined
  const near = typeof wrong === 'string' ? suggest(wrong, words) : undefined
  const hint = near ? `Did you mean "${near}"?` : `Give it ${expected}.`
  throw refuse(`its ${name} is ${show(value)}, and has to be ${expected}.`, hint)
}

function isOption(name: string): name is keyof HandlerOptions {
  return Object.hasOwn(CHECKS, name)
}

function pattern(): Check {
  const isPart = (value: unknown) => typeof value === 'string' || value instanceof RegExp
  return {
    expected: 'a text, a regular expression, or a list of them',
    fits: (value) => isPart(value) || isListOf(value, isPart),
  }
}

function listOf(expected: string, words: readonly string[]): Check {
  return { expected, words, fits: (value) => isListOf(value, (each) => words.some((word) => word === each)) }
}

function isListOf(value: unknown, fits: (each: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(fits)
}

function isNameOrNames(value: unknown): boolean {
  const isName = (each: unknown) => typeof each === 'string' && each.trim() !== ''
  return isName(value) || isListOf(value, isName)
}

function isLimit(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { max, window, per, ...rest }: Readonly<Record<string, unknown>> = { ...value }
  const isWindow = typeof window === 'number' && Number.isFinite(window) && window > 0
  const isCount = typeof max === 'number' && Number.isInteger(max) && max > 0
  return isCount && isWindow && [undefined, 'user', 'chat'].some((each) => each === per) && noKeys(rest)
}

function noKeys(rest: object): boolean {
  return Object.keys(rest).length === 0
}

/** As the source could say it; not more than a line. */
function show(value: unknown): string {
  const text = typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? String(value))
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}
