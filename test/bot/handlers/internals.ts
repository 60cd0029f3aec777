/** What has no door, as typed as if it had one: it is loaded by its file. */
import path from 'node:path'
import type { Api } from 'grammy'
import type { LanguageCode, Update, UserFromGetMe } from 'grammy/types'
import type { Application, Log } from 'limber'
import type { ChatState, HandlerOptions, IncomingUpdate, SentCommand } from 'limber/bot'
import type { Strings } from 'limber/modules'

type Kind = Exclude<keyof Update, 'update_id'>
export type PartOwner = Parameters<Part['add']>[0]

export interface RegisteredHandler {
  readonly name: string
  readonly module: string | undefined
  readonly place: string
  readonly kinds: readonly Kind[]
  readonly options: HandlerOptions
  run(incoming: IncomingUpdate): unknown
}
interface StoredCall {
  readonly method: string
  readonly payload: Readonly<Record<string, unknown>>
}
export interface Replies {
  readonly calls: readonly StoredCall[]
}
export interface HandlerTable {
  add(handlers: readonly RegisteredHandler[]): () => void
  match(
    incoming: IncomingUpdate,
    stateName: (module: string | undefined) => Promise<string | undefined>,
  ): Promise<RegisteredHandler | undefined>
  readonly handlers: readonly RegisteredHandler[]
  readonly kinds: readonly Kind[]
}
interface Part {
  readonly name: string
  readonly permission: string
  standsIn(provider: object): boolean
  add(
    owner: {
      readonly name: string
      readonly folder: string
      readonly provider: object
      readonly strings: Strings
      readonly connection: string | undefined
    },
    files: readonly { readonly path: string; readonly exports: Readonly<Record<string, unknown>> }[],
  ): Promise<(deadline: number) => Promise<void>>
}
interface Host {
  add(handlers: readonly RegisteredHandler[], owner: PartOwner): (deadline: number) => Promise<void>
}
interface Facts {
  readonly update: Update
  readonly kind: Kind
  readonly me: UserFromGetMe
  readonly api: Api
  readonly replies: Replies
  readonly state: ChatState
  readonly wording: { text(key: string): string; render(template: string): Promise<string> }
}

interface Makers {
  makeIncoming(facts: Facts): IncomingUpdate
}
interface Queues {
  Replies: new () => Replies
}
interface Commands {
  readCommand(text: string, bot: string): SentCommand | undefined
}
interface Answers {
  answerUnanswered(update: Update, replies: Replies): void
}
interface Tables {
  HandlerTable: new () => HandlerTable
}
interface Loads {
  loadHandlers(app: Application, entries: readonly unknown[]): Promise<RegisteredHandler[]>
}
interface Parts {
  HandlersPart: new (app: Application, host: Host) => Part
}
interface Publishers {
  publishCommands(
    api: Api,
    table: HandlerTable,
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
const makers: Makers = await load('incoming/make-incoming.ts')
const queues: Queues = await load('replies/replies.ts')
const commands: Commands = await load('incoming/read-command.ts')
const answers: Answers = await load('incoming/answer-unanswered.ts')
const tables: Tables = await load('handlers/handler-table.ts')
const loads: Loads = await load('handlers/load-handlers.ts')
const parts: Parts = await load('handlers/handlers-part.ts')
const publishers: Publishers = await load('handlers/publish-commands.ts')
const kinds: Kinds = await load('handlers/kinds.ts')

export const { makeIncoming } = makers
export const { Replies } = queues
export const { readCommand } = commands
export const { answerUnanswered } = answers
export const { HandlerTable } = tables
export const { loadHandlers } = loads
export const { HandlersPart } = parts
export const { publishCommands } = publishers
export const { ALL_KINDS } = kinds
