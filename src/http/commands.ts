/** @module The commands of HTTP: their definitions, and where their code is. */
import type { LazyCommand } from '../console/command.ts'
import { openapi, routes, serve } from './commands/definitions.ts'

export const httpCommands: readonly LazyCommand[] = [
  { definition: serve, load: () => import('./commands/serve-command.ts') },
  { definition: routes, load: () => import('./commands/routes-command.ts') },
  { definition: openapi, load: () => import('./commands/openapi-command.ts') },
]
