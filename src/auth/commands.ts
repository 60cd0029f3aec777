/** @module The commands of auth: their definitions, and where their code is. */
import type { LazyCommand } from '../console/command.ts'
import { authKey, authToken } from './commands/definitions.ts'

export const authCommands: readonly LazyCommand[] = [
  { definition: authKey, load: () => import('./commands/key-command.ts') },
  { definition: authToken, load: () => import('./commands/token-command.ts') },
]
