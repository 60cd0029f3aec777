/** What has no door, as typed as if it had one: it is loaded by its file. */
import path from 'node:path'
import type { Api } from 'grammy'
import type { LanguageCode, Update } from 'grammy/types'
import type { Application, Log, ModulePart, PartOwner } from 'limber'
import type { RegisteredHandler, SentCommand, HandlerTable as Table } from 'limber/bot'
import type { Strings } from 'limber/modules'
import type { Replies } from '../internals.ts'

export { HandlerTable, loadHandlers, makeIncoming, Replies } from '../internals.ts'

type Kind = Exclude<keyof Update, 'update_id'>

interface Host {
  add(handlers: readonly RegisteredHandler[], owner: PartOwner): (deadline: number) => Promise<void>
}
interface Commands {
  readCommand(text: string, bot: string): SentCommand | undefined
}
interface Answers {
  answerUnanswered(update: Update, replies: Replies): void
}
interface Parts {
  HandlersPart: new (app: Application, host: Host) => ModulePart & Required<Pick<ModulePart, 'standsIn'>>
}
interface Publishers {
  publishCommands(
    api: Api,
    table: Table,
    facts: {
      readonly log: Log
      stringsOf(module: string | undefined): Strings | undefined
      readonly before?: readonly LanguageCode[]
    },
  ): Promise<readonly LanguageCode[]>
}
interface Kinds {
  readonly ALL_KINDS: readonly Kind[]
}

const load = (file: string) => import(path.resolve('src/bot', file))
const commands: Commands = await load('incoming/read-command.ts')
const answers: Answers = await load('incoming/answer-unanswered.ts')
const parts: Parts = await load('handlers/handlers-part.ts')
const publishers: Publishers = await load('handlers/publish-commands.ts')
const kinds: Kinds = await load('handlers/kinds.ts')

export const { readCommand } = commands
export const { answerUnanswered } = answers
export const { HandlersPart } = parts
export const { publishCommands } = publishers
export const { ALL_KINDS } = kinds
