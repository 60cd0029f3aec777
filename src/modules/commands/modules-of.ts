/** @module The modules of an application that has some. */
import type { Application } from '../../application/application.ts'
import { CommandProviderMissingError } from '../../console/errors.ts'
import type { Modules } from '../modules.ts'

const PROVIDER = { name: 'ModulesServiceProvider', from: 'limber/modules' }

/** @throws {CommandProviderMissingError} */
export function modulesOf(app: Application, command: string): Modules {
  if (app.has('modules')) return app.make('modules')
  throw new CommandProviderMissingError(command, PROVIDER)
}
