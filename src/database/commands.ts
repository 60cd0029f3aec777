/** @module The commands of the database room, each loaded when it runs. */
import type { LazyCommand } from '../console/command.ts'
import { makemigrations, migrate, prune, rollback, seed, status, verify } from './commands/definitions.ts'

export const databaseCommands: readonly LazyCommand[] = [
  { definition: migrate, load: () => import('./commands/migrate-command.ts') },
  { definition: rollback, load: () => import('./commands/rollback-command.ts') },
  { definition: status, load: () => import('./commands/status-command.ts') },
  { definition: makemigrations, load: () => import('./commands/makemigrations-command.ts') },
  { definition: verify, load: () => import('./commands/verify-command.ts') },
  { definition: seed, load: () => import('./commands/seed-command.ts') },
  { definition: prune, load: () => import('./commands/prune-command.ts') },
]
