/** @module The commands of the database room, each loaded when it runs. */
import type { LazyCommand } from '../console/command.ts'
import {
  fresh,
  makemigrations,
  manifest,
  migrate,
  prune,
  rollback,
  seed,
  status,
} from './commands/definitions.ts'

export const databaseCommands: readonly LazyCommand[] = [
  { definition: migrate, load: () => import('./commands/migrate-command.ts') },
  { definition: rollback, load: () => import('./commands/rollback-command.ts') },
  { definition: status, load: () => import('./commands/status-command.ts') },
  { definition: fresh, load: () => import('./commands/fresh-command.ts') },
  { definition: manifest, load: () => import('./commands/manifest-command.ts') },
  { definition: makemigrations, load: () => import('./commands/makemigrations-command.ts') },
  { definition: seed, load: () => import('./commands/seed-command.ts') },
  { definition: prune, load: () => import('./commands/prune-command.ts') },
]
