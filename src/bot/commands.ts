/** @module The commands of the bot: their definitions, and where their code is. */
import type { LazyCommand } from '../console/command.ts'
import { accessCommands } from './commands/access-commands.ts'
import {
  botHandlers,
  botInfo,
  botRun,
  webhookDelete,
  webhookInfo,
  webhookSet,
} from './commands/definitions.ts'

export const botCommands: readonly LazyCommand[] = [
  { definition: botRun, load: () => import('./commands/run-command.ts') },
  { definition: botInfo, load: () => import('./commands/info-command.ts') },
  { definition: botHandlers, load: () => import('./commands/handlers-command.ts') },
  { definition: webhookSet, load: () => import('./commands/webhook-set-command.ts') },
  { definition: webhookDelete, load: () => import('./commands/webhook-delete-command.ts') },
  { definition: webhookInfo, load: () => import('./commands/webhook-info-command.ts') },
  ...accessCommands,
]
