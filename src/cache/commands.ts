/** @module The commands of the cache: their definitions, and where their code is. */
import type { LazyCommand } from '../console/command.ts'
import { clear, info } from './commands/definitions.ts'

export const cacheCommands: readonly LazyCommand[] = [
  { definition: clear, load: () => import('./commands/clear-command.ts') },
  { definition: info, load: () => import('./commands/info-command.ts') },
]
