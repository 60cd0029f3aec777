/** @module limber module list */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import type { ModuleInfo } from '../module-info.ts'
import { list } from './definitions.ts'
import { modulesOf } from './modules-of.ts'

@injectable()
export class ListModulesCommand implements Command<typeof list> {
  static readonly definition = list

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  run({ options: { json } }: CommandInput<typeof list>): void {
    const modules = modulesOf(this.app, 'module list').list()
    if (json) this.output.json(modules.map(describe))
    else if (modules.length > 0) this.#table(modules)
    else this.output.line('There are no modules; "modules" in config/app.ts says where they are.')
  }

  #table(modules: readonly ModuleInfo[]): void {
    const rows = modules.map((module) => [
      module.name,
      module.version,
      module.state,
      module.permissions.join(', '),
      module.reason?.message ?? '',
    ])
    this.output.table(['name', 'version', 'state', 'permissions', 'reason'], rows)
  }
}

/** For programs: an error as what can be told of it. */
export function describe({ reason, ...facts }: ModuleInfo) {
  return {
    ...facts,
    granted: facts.granted ?? null,
    database: facts.database ?? null,
    reason: reason ? { code: reason.code, message: reason.message, hint: reason.hint } : null,
  }
}
