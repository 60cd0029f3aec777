/** @module The commands of the database room, each loaded when it runs. */
import type { LazyCommand } from '../console/command.ts'
import * as definitions from './commands/definitions.ts'

export const databaseCommands: readonly LazyCommand[] = [
  { definition: definitions.migrate, load: () => import('./commands/migrate-command.ts') },
  { definition: definitions.rollback, load: () => import('./commands/rollback-command.ts') },
  { definition: definitions.status, load: () => import('./commands/status-command.ts') },
  { definition: definitions.fresh, load: () => import('./commands/fresh-command.ts') },
  { definition: definitions.manifest, load: () => import('./commands/manifest-command.ts') },
  { definition: definitions.makemigrations, load: () => import('./commands/makemigrations-command.ts') },
  { definition: definitions.verify, load: () => import('./commands/verify-command.ts') },
  { definition: definitions.seed, load: () => import('./commands/seed-command.ts') },
  { definition: definitions.prune, load: () => import('./commands/prune-command.ts') },
  { definition: definitions.sql, load: () => import('./commands/sql-command.ts') },
  { definition: definitions.check, load: () => import('./commands/check-command.ts') },
  { definition: definitions.init, load: () => import('./commands/init-command.ts') },
  { definition: definitions.squash, load: () => import('./commands/squash-command.ts') },
  { definition: definitions.diagram, load: () => import('./commands/diagram-command.ts') },
]
