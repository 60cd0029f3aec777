/** @module The commands of modules, each loaded when it runs. */
import type { LazyCommand } from '../console/command.ts'
import * as definitions from './commands/definitions.ts'

export const moduleCommands: readonly LazyCommand[] = [
  { definition: definitions.list, load: () => import('./commands/list-command.ts') },
  { definition: definitions.info, load: () => import('./commands/info-command.ts') },
  { definition: definitions.enable, load: () => import('./commands/enable-command.ts') },
  { definition: definitions.disable, load: () => import('./commands/disable-command.ts') },
  { definition: definitions.update, load: () => import('./commands/update-command.ts') },
]
