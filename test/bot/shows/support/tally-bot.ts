/** @module The bot of fixtures/tally, with what the tests ask of it. */
import { fileURLToPath } from 'node:url'
import { EnabledModules } from 'limber/modules'
import type { DatabaseKind, Rows } from '../../../database/migrations/support/own-databases.ts'
import { type BotFolder, botFolder } from './bot-folder.ts'

const TALLY = fileURLToPath(new URL('../fixtures/tally', import.meta.url))

/** Makes one whose tables are there, and nothing in them. */
export async function tallyBot(
  kind: DatabaseKind,
  env: Readonly<Record<string, string>> = {},
): Promise<BotFolder> {
  const bot = await botFolder(kind, { '.': TALLY }, env)
  const permissions = ['use_db', 'use_bot']
  await new EnabledModules(`${bot.root}/storage/modules`).set('ledger', { permissions, version: '1.0.0' })
  await bot.run('db migrate', 'db migrate --module ledger')
  return bot
}

export function askLedger(bot: BotFolder, sql: string): Promise<Rows> {
  return bot.askModule('ledger', sql)
}

/** Has the time be over for which a process that has died would have sent its replies itself. */
export async function letHoldsPass(bot: BotFolder): Promise<void> {
  const sql = 'update {}limber_bot_updates set held_until = 0 where held_until is not null'
  // A process that was killed early has not made the tables.
  await bot.ask(sql.replace('{}', '')).catch(() => undefined)
  await askLedger(bot, sql).catch(() => undefined)
}
