/** @module Publishes the list of commands, so that clients offer them. */
import type { Api } from 'grammy'
import type { LanguageCode } from 'grammy/types'
import type { Log } from '../../application/log.ts'
import type { Strings } from '../../strings/strings.ts'
import { messageOf } from '../../support/message-of.ts'
import { refusalOf } from '../transport/api-refusal.ts'
import { type ApiSignal, apiSignal } from '../transport/api-signal.ts'
import { type CommandList, commandLists } from './command-lists.ts'
import type { HandlerTable } from './handler-table.ts'

const NEVER = new AbortController().signal
const FAILED = 'A list of commands could not be published'

export interface PublishFacts {
  readonly log: Log
  /** The texts of the application (undefined) or of a module. */
  stringsOf(module: string | undefined): Strings | undefined
  /** The languages that were published before, whose lists may have to go. */
  readonly before?: readonly LanguageCode[]
  /** Gives it up. */
  readonly signal?: AbortSignal
}

/**
 * Publishes the commands that have a description, for everybody and for the administrators of chats, in every language that
 * their texts have. A list that the Bot API has already is left alone. What fails is logged.
 *
 * @returns the languages that have been published, for the next time
 */
export async function publishCommands(
  api: Api,
  table: HandlerTable,
  { log, stringsOf, before = [], signal = NEVER }: PublishFacts,
): Promise<readonly LanguageCode[]> {
  const { lists, languages, faults } = commandLists(table.handlers, stringsOf, before)
  for (const fault of faults) log.warn(fault)
  for (const list of lists) {
    try {
      await publish(api, list, apiSignal(signal))
    } catch (error) {
      if (signal.aborted) break
      // Only its words: what a client of HTTP keeps in an error may have the token in it.
      log.warn({ scope: list.scope.type, language: list.language }, `${FAILED}: ${messageOf(error)}`)
      // Where the Bot API cannot be reached, the other lists would only wait for the same.
      if (!refusalOf(error)) break
    }
  }
  return languages
}

async function publish(
  api: Api,
  { scope, language, commands }: CommandList,
  signal: ApiSignal,
): Promise<void> {
  const where = { scope, ...(language === undefined ? {} : { language_code: language }) }
  const known = await api.getMyCommands(where, signal)
  const isSame =
    known.length === commands.length &&
    known.every(({ command, description }, index) => {
      const wanted = commands[index]
      return command === wanted?.command && description === wanted.description
    })
  if (isSame) return
  if (commands.length > 0) await api.setMyCommands(commands, where, signal)
  else await api.deleteMyCommands(where, signal)
}
