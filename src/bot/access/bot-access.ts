/** @module Who may do what: roles, rules for commands, and those who have roles. Bound as `bot.access`. */
import type { Application } from '../../application/application.ts'
import type { BotConfig } from '../bot-config.ts'
import { botIdOf } from '../bot-id.ts'
import { commandName } from './command-name.ts'
import { InvalidRuleError, RulesNotKeptError } from './errors.ts'
import { type Kept, KeptRules, NOTHING_KEPT } from './kept-rules.ts'
import { Roles } from './roles.ts'

declare module '../../container/services.ts' {
  interface Services {
    'bot.access': BotAccess
  }
}

/** Where something is written: what is in the configuration is changed there. */
export type KeptIn = 'config' | 'database'

export interface ListedRule {
  readonly command: string
  readonly roles: readonly string[]
  readonly keptIn: KeptIn
}

export interface ListedMember {
  readonly role: string
  readonly user: number
  readonly keptIn: KeptIn
}

export interface AccessList {
  /** By the names of their commands. */
  readonly rules: readonly ListedRule[]
  /** By role and user; owners too. */
  readonly members: readonly ListedMember[]
}

/**
 * Says who may use a command, and gives roles to users. What is changed holds in this process at once, and in every other one
 * that uses the same database after two seconds at the latest. It is committed when it resolves, outside of any unit of work.
 *
 * @example
 * ```ts
 * import type { BotAccess } from 'limber/bot'
 *
 * async function openShop(access: BotAccess, seller: number) {
 *   await access.allow('sell', ['seller', 'chat_admins'])
 *   await access.assign('seller', seller)
 * }
 * ```
 */
export class BotAccess {
  readonly roles: Roles
  readonly #kept: KeptRules | undefined
  readonly #configured: ReadonlyMap<string, readonly string[]>

  constructor(app: Application) {
    const config = app.config.get('bot')
    this.roles = new Roles(config)
    this.#configured = rulesIn(config)
    const store = app.has('db.bot-rules') ? app.make('db.bot-rules') : undefined
    const bot = botIdOf(config.token) ?? 0
    this.#kept = store && new KeptRules(store, bot, app.make('clock'))
  }

  /**
   * Lets those with one of these roles use a command, and nobody else but the owners, whatever its handler says.
   *
   * @param command `ban`, or as it is sent: `/ban@my_bot`
   * @throws {InvalidRuleError} @throws {UnknownRoleError} @throws {RulesNotKeptError} without a database
   */
  async allow(command: string, roles: readonly string[]): Promise<void> {
    const name = this.checkRule(command, roles)
    const kept = this.#store('bot.access.allow()')
    await kept.change((store, bot) => store.setRule(bot, name, [...new Set(roles)]))
  }

  /**
   * Forgets the rule of a command in the database: what the configuration or its handler says holds again.
   *
   * @throws {InvalidRuleError} @throws {RulesNotKeptError} without a database
   */
  async forget(command: string): Promise<void> {
    const name = commandName(command)
    await this.#store('bot.access.forget()').change((store, bot) => store.setRule(bot, name, undefined))
  }

  /**
   * Gives a user a role of the application's own.
   *
   * @throws {UnknownRoleError} @throws {FixedRoleError} @throws {InvalidRuleError} @throws {RulesNotKeptError} without a database
   */
  async assign(role: string, user: number): Promise<void> {
    this.checkMember(role, user)
    await this.#store('bot.access.assign()').change((store, bot) => store.addMember(bot, { role, user }))
  }

  /**
   * Takes a role away from a user.
   *
   * @throws {UnknownRoleError} @throws {FixedRoleError} @throws {RulesNotKeptError} without a database
   * @throws {InvalidRuleError} also for a user who has the role by the configuration
   */
  async unassign(role: string, user: number): Promise<void> {
    this.checkMember(role, user)
    this.checkRemovable(role, user)
    await this.#store('bot.access.unassign()').change((store, bot) => store.removeMember(bot, { role, user }))
  }

  /** Everything that holds, wherever it is written. */
  async list(): Promise<AccessList> {
    const { rules, members } = await this.#read()
    const kept = [...rules].map(([command, roles]) => ({ command, roles, keptIn: 'database' as const }))
    const configured = [...this.#configured]
      .filter(([command]) => !rules.has(command))
      .map(([command, roles]) => ({ command, roles, keptIn: 'config' as const }))
    return {
      rules: [...configured, ...kept].sort((a, b) => compare(a.command, b.command)),
      members: [
        ...this.#configuredMembers(),
        ...members.map(({ role, user }) => ({ role, user, keptIn: 'database' as const })),
      ].sort((a, b) => compare(a.role, b.role) || a.user - b.user),
    }
  }

  /** The rule of a command, by its one name; undefined where there is none. */
  async ruleOf(command: string): Promise<readonly string[] | undefined> {
    const { rules } = await this.#read()
    return rules.get(command) ?? this.#configured.get(command)
  }

  /** Whether a user has a role of the application's own. */
  async isMember(user: number, role: string): Promise<boolean> {
    // What is kept for a role that there is no more counts for nothing.
    const configured = this.roles.own.get(role)
    if (!configured) return false
    return configured.has(user) || ((await this.#read()).usersOf.get(role)?.has(user) ?? false)
  }

  /** Tells before a change that it could not be kept. @param call what is called @throws {RulesNotKeptError} */
  checkKept(call: string): void {
    this.#store(call)
  }

  /** Gives the one name of the command. @throws {InvalidRuleError} @throws {UnknownRoleError} */
  checkRule(command: string, roles: readonly string[]): string {
    const name = commandName(command)
    if (roles.length === 0)
      throw new InvalidRuleError(
        `The rule of "${name}" names no role.`,
        'Name one; owner alone closes it to all others.',
      )
    this.roles.check(roles, `the rule of "${name}"`)
    return name
  }

  /** @throws {UnknownRoleError} @throws {FixedRoleError} @throws {InvalidRuleError} */
  checkMember(role: string, user: number): void {
    this.roles.checkAssignable(role)
    if (Number.isSafeInteger(user) && user > 0) return
    throw new InvalidRuleError(
      `There can be no user ${user}.`,
      'Give the id of a user: a whole number above zero.',
    )
  }

  /** @throws {InvalidRuleError} for a user who has the role by the configuration */
  checkRemovable(role: string, user: number): void {
    if (!this.roles.own.get(role)?.has(user)) return
    const message = `User ${user} has the role "${role}" by the configuration.`
    throw new InvalidRuleError(message, 'Take the id out of roles in config/bot.ts.')
  }

  #configuredMembers(): ListedMember[] {
    const owners = this.roles.owners.map((user) => ({ role: 'owner', user, keptIn: 'config' as const }))
    const own = [...this.roles.own].flatMap(([role, users]) =>
      [...users].map((user) => ({ role, user, keptIn: 'config' as const })),
    )
    return [...owners, ...own]
  }

  #read(): Promise<Kept> {
    return this.#kept?.read() ?? Promise.resolve(NOTHING_KEPT)
  }

  #store(call: string): KeptRules {
    if (!this.#kept) throw new RulesNotKeptError(call)
    return this.#kept
  }
}

function rulesIn({ rules = {} }: BotConfig): ReadonlyMap<string, readonly string[]> {
  return new Map(Object.entries(rules).map(([command, roles]) => [commandName(command), roles]))
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
