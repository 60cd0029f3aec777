/** @module limber module disable */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { dependentsOf } from '../update/check-update.ts'
import { ModuleDependentsError, PermissionsListedError } from '../update/errors.ts'
import { disable } from './definitions.ts'
import { findModule, seeModules } from './find-module.ts'

@injectable()
export class DisableCommand implements Command<typeof disable> {
  static readonly definition = disable

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ args: { name }, options: { dryRun, json } }: CommandInput<typeof disable>): Promise<void> {
    const seen = await seeModules(this.app, this.output)
    const { enabled } = seen.host
    const wasEnabled = enabled.find(name) !== undefined
    // What is enabled can be disabled, also when its folder is gone or its manifest broken.
    if (!wasEnabled && findModule(seen, name).granted) throw new PermissionsListedError(name)
    const dependents = dependentsOf(name, seen.around).map(({ manifest }) => `"${manifest.name}"`)
    if (wasEnabled && dependents.length > 0) {
      throw new ModuleDependentsError(name, 'be disabled', dependents, 'Disable those first.')
    }
    if (wasEnabled && !dryRun) await enabled.remove(name)
    if (json) this.output.json({ module: name, wasEnabled, dryRun })
    else if (!wasEnabled) this.output.line(`${name} is not enabled.`)
    else
      this.output.line(dryRun ? `Would disable ${name}.` : `Disabled ${name}. Its database stays as it is.`)
  }
}
