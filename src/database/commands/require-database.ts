/** @module For commands that run also when the database cannot be opened, and so need nothing beforehand. */
import type { Application } from '../../application/application.ts'
import { CommandProviderMissingError } from '../../console/errors.ts'
import { provider } from './definitions.ts'

/** @throws {CommandProviderMissingError} when the application does not list the provider */
export function requireDatabase(app: Application, command: string): void {
  if (!app.has('db')) throw new CommandProviderMissingError(command, provider)
}
