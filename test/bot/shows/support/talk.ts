/** @module What users tell the tally bot, and what has to have become of it: the oracle. */
import type { Chat, Update, User } from 'grammy/types'
import type { Rows } from '../../../database/migrations/support/own-databases.ts'
import type { UpdateMaker } from '../../../support/bot-api/update-maker.ts'

/** `fail` and `refuse` throw behind their writes. */
export type Manner = 'say' | 'twice' | 'fail' | 'refuse' | 'earn'

export interface Told {
  readonly update: Update
  readonly id: number
  readonly chat: number
  readonly sender: number
  readonly manner: Manner
  /** What is answered, in order. */
  readonly replies: readonly string[]
  readonly row: Readonly<Record<string, number>> | undefined
}

export const FAILED = 'Something went wrong. Try again later.'

/** Everything that was told, in the order in which the Bot API has it. */
export class Talk {
  readonly told: Told[] = []
  readonly #make: UpdateMaker
  readonly #counts = new Map<string, number>()

  constructor(make: UpdateMaker) {
    this.#make = make
  }

  /** A user tells the bot something. Each text is said once. */
  tell(from: User, manner: Manner, chat?: Chat): Told {
    const number = this.told.length + 1
    const words =
      manner === 'earn' ? `earn ${number}` : `say ${number}${manner === 'say' ? '' : ` ${manner}`}`
    const update = this.#make.message(from, words, chat ? { chat } : {})
    const place = chat?.id ?? from.id
    const facts = { update, id: update.update_id, chat: place, sender: from.id, manner }
    const told = { ...facts, ...this.#outcome(manner, number, place, from.id) }
    this.told.push(told)
    return told
  }

  /** The rows that have to be there, in order. */
  rowsOf(...manners: readonly Manner[]) {
    return this.told.flatMap(({ manner, row, id, chat, sender }) =>
      row && manners.includes(manner) ? [{ update_id: id, chat, sender, ...row }] : [],
    )
  }

  /** The answers of a chat that have to have been sent, in order. */
  repliesIn(chat: number): string[] {
    return this.told.filter((told) => told.chat === chat).flatMap(({ replies }) => replies)
  }

  /** How many notes each chat has. */
  tallies() {
    const notes = this.rowsOf('say', 'twice')
    const chats = [...new Set(notes.map(({ chat }) => chat))].sort((a, b) => a - b)
    return chats.map((chat) => ({ chat, count: notes.filter((note) => note.chat === chat).length }))
  }

  /** What `/where` has to say to a user in private. */
  whereIs(user: number): string {
    const step = this.#counts.get(`step ${user} ${user}`)
    return step === undefined ? 'where nowhere {}' : `where talking {"step":${step}}`
  }

  get chats(): number[] {
    return [...new Set(this.told.map(({ chat }) => chat))]
  }

  #outcome(manner: Manner, number: number, chat: number, sender: number): Pick<Told, 'replies' | 'row'> {
    // A group has not asked: there nothing is said of what went wrong.
    if (manner === 'fail') return { replies: chat > 0 ? [FAILED] : [], row: undefined }
    if (manner === 'refuse')
      return { replies: chat > 0 ? [`That was enough with ${number}.`] : [], row: undefined }
    if (manner === 'earn') {
      const step = this.#next(`earn ${chat} ${sender}`)
      return { replies: [`earned ${number} as ${step}`], row: { step } }
    }
    const [place, step] = [this.#next(`place ${chat}`), this.#next(`step ${chat} ${sender}`)]
    const said = `said ${number} as ${place}`
    return { replies: manner === 'twice' ? [said, `${said} again`] : [said], row: { place, step } }
  }

  #next(what: string): number {
    const next = (this.#counts.get(what) ?? 0) + 1
    this.#counts.set(what, next)
    return next
  }
}

/** Rows as every driver gives them: some have large numbers as texts. */
export function numbered(rows: Rows): Record<string, number>[] {
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)])),
  )
}

export const NOTES = 'select update_id, chat, sender, place, step from note order by update_id, place'
export const TALLIES = 'select chat, count from tally order by chat'
export const ENTRIES = 'select update_id, chat, sender, step from {}entry order by update_id, step'
