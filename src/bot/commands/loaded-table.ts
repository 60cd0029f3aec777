/** @module All handlers of the bot, for commands. */
import type { Application } from '../../application/application.ts'
import type { Bot } from '../bot.ts'
import type { HandlerTable } from '../handlers/handler-table.ts'

/** Waits for the modules as well, whose handlers count. Nothing is asked of the Bot API. */
export async function loadedTable(app: Application, bot: Bot): Promise<HandlerTable> {
  await app.ready()
  await bot.load()
  return bot.table
}
