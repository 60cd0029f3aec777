/** @module The console's own commands, by description; each is imported when it runs. */
import type { LazyCommand } from './command.ts'
import { doctorDefinition, listDefinition, servicesDefinition } from './commands/definitions.ts'

export const consoleCommands: readonly LazyCommand[] = [
  { definition: listDefinition, load: () => import('./commands/list-command.ts') },
  { definition: servicesDefinition, load: () => import('./commands/services-command.ts') },
  { definition: doctorDefinition, load: () => import('./commands/doctor-command.ts') },
]
