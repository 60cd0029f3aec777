/** @module Port: keeps who may use the commands of a bot. Bound as `db.bot-rules` by the database, on the default connection. */

/** Who may use a command, whatever its handler says. */
export interface BotRule {
  /** Without slash and in lower case: `ban`. */
  readonly command: string
  readonly roles: readonly string[]
}

/** A user who has a role of the application's own. */
export interface BotMember {
  readonly role: string
  readonly user: number
}

/** All of it is committed when it resolves, outside of any unit of work. */
export interface BotRules {
  /** Makes the tables where they are missing. Called once before anything else; it may be called again. */
  prepare(): Promise<void>
  rules(bot: number): Promise<readonly BotRule[]>
  /** Replaces the rule of a command; undefined removes it. */
  setRule(bot: number, command: string, roles: readonly string[] | undefined): Promise<void>
  members(bot: number): Promise<readonly BotMember[]>
  /** Nothing happens when the user has the role already. */
  addMember(bot: number, member: BotMember): Promise<void>
  /** Nothing happens when the user has not the role. */
  removeMember(bot: number, member: BotMember): Promise<void>
}

declare module '../../container/services.ts' {
  interface Services {
    /** Undefined where the database is switched off. */
    'db.bot-rules': BotRules | undefined
  }
}
