/** @module The commands for access: their definitions, and where their code is. */
import type { LazyCommand } from '../../console/command.ts'
import { botAllow, botForget, botRole, botRules } from './access-definitions.ts'

export const accessCommands: readonly LazyCommand[] = [
  { definition: botAllow, load: () => import('./allow-command.ts') },
  { definition: botForget, load: () => import('./forget-command.ts') },
  { definition: botRole, load: () => import('./role-command.ts') },
  { definition: botRules, load: () => import('./rules-command.ts') },
]
