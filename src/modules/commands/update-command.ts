/** @module limber module update */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { ModuleUpdate } from '../update/module-update.ts'
import { consentOf } from './consent.ts'
import { update } from './definitions.ts'
import { findModule, seeModules } from './find-module.ts'

@injectable()
export class UpdateCommand implements Command<typeof update> {
  static readonly definition = update

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ args: { name }, options }: CommandInput<typeof update>): Promise<void> {
    const { from: source, force, dryRun, json } = options
    const seen = await seeModules(this.app, this.output)
    const { folder } = findModule(seen, name)
    const consent = consentOf(options, this.output)
    try {
      const result = await new ModuleUpdate(seen.host).run({
        module: { name, folder },
        source,
        force,
        dryRun,
        ...(consent ? { consent } : {}),
        ...(json ? {} : { say: (line: string) => this.output.line(line) }),
      })
      if (json) this.output.json(result)
      else if (dryRun) this.#preview(result)
      else this.output.line(`Processes that have loaded ${name} go on with ${result.from}: start them again.`)
    } finally {
      await seen.host.close()
    }
  }

  #preview({ module, from, to, permissions }: Awaited<ReturnType<ModuleUpdate['run']>>): void {
    const asking = permissions.length > 0 ? ` It asks for ${permissions.join(', ')} in addition.` : ''
    this.output.line(`Would update ${module} from ${from} to ${to}.${asking}`)
  }
}
