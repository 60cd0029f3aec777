/** @module Keeps who may use the commands of a bot in tables of a connection. */
import type { Application } from '../../application/application.ts'
import type { BotMember, BotRule, BotRules } from '../../application/ports/bot-rules.ts'
import type { Connection } from '../connections/connection.ts'
import type { Dialect } from '../connections/driver.ts'
import { quoteName } from '../migrations/sql/quote-name.ts'
import { ruleTables, tableIn } from './bot-tables.ts'
import { makeTables } from './make-tables.ts'
import { OutsideSql } from './outside-sql.ts'
import { replacing } from './replacing.ts'

export class DatabaseBotRules implements BotRules {
  readonly #app: Application
  readonly #connection: Connection
  readonly #sql: OutsideSql
  readonly #rules: string
  readonly #members: string
  readonly #user: string

  constructor(app: Application, connection: Connection) {
    const { schemaName } = connection
    this.#app = app
    this.#connection = connection
    this.#sql = new OutsideSql(connection)
    this.#rules = tableIn(this.#dialect, schemaName, 'limber_bot_rules')
    this.#members = tableIn(this.#dialect, schemaName, 'limber_bot_members')
    this.#user = quoteName('user', this.#dialect)
  }

  prepare(): Promise<void> {
    const set = ruleTables(this.#dialect, this.#connection.schemaName)
    return makeTables(this.#connection, set, this.#app)
  }

  async rules(bot: number): Promise<readonly BotRule[]> {
    const sql = `select command, roles from ${this.#rules} where bot = ? order by command`
    const rows = await this.#sql.read(sql, [bot])
    // Only this class writes the column.
    return rows.map(({ command, roles }) => ({
      command: String(command),
      roles: JSON.parse(String(roles)) as string[],
    }))
  }

  setRule(bot: number, command: string, roles: readonly string[] | undefined): Promise<void> {
    if (roles === undefined)
      return this.#sql.write(`delete from ${this.#rules} where bot = ? and command = ?`, [bot, command])
    const end = replacing(this.#dialect, 'bot, command', ['roles'])
    return this.#sql.write(`insert into ${this.#rules} (bot, command, roles) values (?, ?, ?) ${end}`, [
      bot,
      command,
      JSON.stringify(roles),
    ])
  }

  async members(bot: number): Promise<readonly BotMember[]> {
    const sql = `select role, ${this.#user} as id from ${this.#members} where bot = ? order by role, ${this.#user}`
    const rows = await this.#sql.read(sql, [bot])
    // Drivers give large numbers as texts.
    return rows.map(({ role, id }) => ({ role: String(role), user: Number(id) }))
  }

  addMember(bot: number, { role, user }: BotMember): Promise<void> {
    // With "ignore", MySQL would cut a role that is too long.
    const keeping =
      this.#dialect === 'mysql' ? 'on duplicate key update bot = values(bot)' : 'on conflict do nothing'
    return this.#sql.write(
      `insert into ${this.#members} (bot, role, ${this.#user}) values (?, ?, ?) ${keeping}`,
      [bot, role, user],
    )
  }

  removeMember(bot: number, { role, user }: BotMember): Promise<void> {
    return this.#sql.write(`delete from ${this.#members} where bot = ? and role = ? and ${this.#user} = ?`, [
      bot,
      role,
      user,
    ])
  }

  get #dialect(): Dialect {
    return this.#connection.driver.dialect
  }
}
