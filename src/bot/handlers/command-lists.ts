/** @module The lists of commands that clients are to show: one for each scope and language. */
import type { BotCommand, BotCommandScope, LanguageCode } from 'grammy/types'
import type { Strings } from '../../strings/strings.ts'
import { messageOf } from '../../support/message-of.ts'
import type { RegisteredHandler } from './registered-handler.ts'

export interface CommandList {
  readonly scope: BotCommandScope
  /** Undefined for those who have none of the languages. */
  readonly language: LanguageCode | undefined
  /** Empty where there is to be none. */
  readonly commands: readonly BotCommand[]
}

export interface CommandLists {
  readonly lists: readonly CommandList[]
  readonly languages: readonly LanguageCode[]
  /** What clients will not see as it was written. */
  readonly faults: readonly string[]
}

type StringsOf = (module: string | undefined) => Strings | undefined

/** What the Bot API takes. */
const MOST = 100
const LONGEST = 256

/**
 * Clients show the first list that they find: that of administrators, then that of everybody, each first in their language.
 * So the one of administrators has every command, and is there in every language, or not at all.
 *
 * @param before languages that may have lists which nobody wants any more
 */
export function commandLists(
  handlers: readonly RegisteredHandler[],
  stringsOf: StringsOf,
  before: readonly LanguageCode[],
): CommandLists {
  const listed = handlers.filter(({ options }) => options.description !== undefined)
  const open = listed.filter((handler) => isFor(handler, 'all'))
  const administered = listed.filter((handler) => isFor(handler, 'all') || isFor(handler, 'chat_admins'))
  const languages = languagesOf(administered, stringsOf)
  const faults = new Set<string>()
  const say = (those: readonly RegisteredHandler[], language: LanguageCode | undefined) =>
    language === undefined || languages.includes(language)
      ? commandsOf(those, stringsOf, language, faults)
      : []
  const inLanguages = [undefined, ...new Set([...languages, ...before])]
  const lists = inLanguages.flatMap((language): CommandList[] => [
    { scope: { type: 'default' }, language, commands: say(open, language) },
    {
      scope: { type: 'all_chat_administrators' },
      language,
      commands: administered.length > open.length ? say(administered, language) : [],
    },
  ])
  return { lists, languages, faults: [...faults] }
}

function isFor({ options: { allowedFor = 'all' } }: RegisteredHandler, role: string): boolean {
  return typeof allowedFor === 'string' ? allowedFor === role : allowedFor.includes(role)
}

function languagesOf(handlers: readonly RegisteredHandler[], stringsOf: StringsOf): LanguageCode[] {
  const all = handlers.flatMap(({ module }) => stringsOf(module)?.languages ?? [])
  return [...new Set(all)].filter(isCode).sort()
}

/** The Bot API knows languages of two letters, without regions. */
function isCode(language: string): language is LanguageCode {
  return /^[a-z]{2}$/.test(language)
}

function commandsOf(
  handlers: readonly RegisteredHandler[],
  stringsOf: StringsOf,
  language: LanguageCode | undefined,
  faults: Set<string>,
): BotCommand[] {
  const commands = new Map<string, BotCommand>()
  for (const handler of handlers) {
    const description = describe(handler, stringsOf(handler.module), language, faults)
    if (description === undefined) continue
    for (const command of handler.options.commands ?? []) {
      if (!commands.has(command)) commands.set(command, { command, description })
    }
  }
  const all = [...commands.values()]
  if (all.length > MOST) {
    faults.add(`Of ${all.length} commands only ${MOST} are published: the Bot API takes no more.`)
  }
  return all.slice(0, MOST)
}

/** A description may be the key of a text; one that cannot be shown leaves its commands out, and only those. */
function describe(
  { name, options: { description = '' } }: RegisteredHandler,
  strings: Strings | undefined,
  language: LanguageCode | undefined,
  faults: Set<string>,
): string | undefined {
  try {
    const text = strings?.text(description, {}, language) ?? description
    if (text.trim() === '' || text.length > LONGEST) {
      faults.add(
        `The description of ${name} has to have 1 to ${LONGEST} characters: it is not published as it is.`,
      )
    }
    return text.trim() === '' ? undefined : text.slice(0, LONGEST).toWellFormed()
  } catch (error) {
    faults.add(`The description of ${name} is not published: ${messageOf(error)}`)
    return undefined
  }
}
