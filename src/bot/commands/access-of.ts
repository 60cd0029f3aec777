/** @module The access of the bot, for commands. */
import type { Application } from '../../application/application.ts'
import type { CommandDefinition } from '../../console/define-command.ts'
import { CommandProviderMissingError } from '../../console/errors.ts'
import type { BotAccess } from '../access/bot-access.ts'
import { provider } from './definitions.ts'

/** @throws {CommandProviderMissingError} */
export function accessOf(app: Application, { name }: CommandDefinition): BotAccess {
  // Not in the needs of the definition: the database that keeps it has to be ready as well.
  if (!app.has('bot.access')) throw new CommandProviderMissingError(name, provider)
  return app.make('bot.access')
}
