/** @module The rules and members that the database keeps, as this process knows them: no older than two seconds. */
import type { BotMember, BotRule, BotRules } from '../../application/ports/bot-rules.ts'
import type { Clock } from '../../application/ports/clock.ts'

/** How long a change of another process may go unseen, in milliseconds. */
const REMEMBERED = 2_000

export interface Kept {
  readonly rules: ReadonlyMap<string, readonly string[]>
  readonly members: readonly BotMember[]
  /** Users by their roles. */
  readonly usersOf: ReadonlyMap<string, ReadonlySet<number>>
}

export const NOTHING_KEPT: Kept = { rules: new Map(), members: [], usersOf: new Map() }

export class KeptRules {
  readonly #store: BotRules
  readonly #bot: number
  readonly #clock: Clock
  #prepared: Promise<void> | undefined
  #known: { readonly at: number; readonly kept: Promise<Kept> } | undefined

  constructor(store: BotRules, bot: number, clock: Clock) {
    this.#store = store
    this.#bot = bot
    this.#clock = clock
  }

  /** What is kept now; when the database cannot say, nobody is let in by what it said before. */
  read(): Promise<Kept> {
    const now = this.#clock.now()
    // A clock that was set back must not make it last.
    if (this.#known && now >= this.#known.at && now < this.#known.at + REMEMBERED) return this.#known.kept
    const kept = this.#load()
    const known = { at: now, kept }
    this.#known = known
    kept.catch(() => {
      if (this.#known === known) this.#known = undefined
    })
    return kept
  }

  /** Changes something; whoever reads after it sees it. */
  async change(write: (store: BotRules, bot: number) => Promise<void>): Promise<void> {
    await this.#ready()
    try {
      await write(this.#store, this.#bot)
    } finally {
      // Also of what is being read just now, which may not have seen it.
      this.#known = undefined
    }
  }

  async #load(): Promise<Kept> {
    await this.#ready()
    const [rules, members] = await Promise.all([this.#store.rules(this.#bot), this.#store.members(this.#bot)])
    return { rules: byCommand(rules), members, usersOf: byRole(members) }
  }

  #ready(): Promise<void> {
    this.#prepared ??= this.#store.prepare().catch((error: unknown) => {
      this.#prepared = undefined
      throw error
    })
    return this.#prepared
  }
}

function byCommand(rules: readonly BotRule[]): ReadonlyMap<string, readonly string[]> {
  return new Map(rules.map(({ command, roles }) => [command, roles]))
}

function byRole(members: readonly BotMember[]): ReadonlyMap<string, ReadonlySet<number>> {
  const users = new Map<string, Set<number>>()
  for (const { role, user } of members) {
    const of = users.get(role) ?? new Set()
    users.set(role, of.add(user))
  }
  return users
}
