/** @module The access of the bot, for commands. */
import type { Application } from '../../application/application.ts'
import { CommandProviderMissingError } from '../../console/errors.ts'
import type { BotAccess } from '../access/bot-access.ts'

const PROVIDER = { name: 'BotServiceProvider', from: 'limber/bot' }

/** @throws {CommandProviderMissingError} */
export function accessOf(app: Application, command: string): BotAccess {
  // Not in the needs of the definition: the database that keeps it has to be ready as well.
  if (!app.has('bot.access')) throw new CommandProviderMissingError(command, PROVIDER)
  return app.make('bot.access')
}
