/** @module Every command that comes with Limber, by description alone. */
import { authCommands } from './auth/commands.ts'
import { botCommands } from './bot/commands.ts'
import { cacheCommands } from './cache/commands.ts'
import type { LazyCommand } from './console/command.ts'
import { consoleCommands } from './console/commands.ts'
import { databaseCommands } from './database/commands.ts'
import { httpCommands } from './http/commands.ts'
import { moduleCommands } from './modules/commands.ts'

export const builtInCommands: readonly LazyCommand[] = [
  ...consoleCommands,
  ...httpCommands,
  ...databaseCommands,
  ...authCommands,
  ...cacheCommands,
  ...botCommands,
  ...moduleCommands,
]
