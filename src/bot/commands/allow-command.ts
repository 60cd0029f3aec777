/** @module limber bot allow: says who may use a command. */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { botAllow } from './access-definitions.ts'
import { accessOf } from './access-of.ts'

@injectable()
export class AllowCommand implements Command<typeof botAllow> {
  static readonly definition = botAllow

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ args, options }: CommandInput<typeof botAllow>): Promise<void> {
    const access = accessOf(this.app, botAllow)
    const name = access.checkRule(args.command, args.roles)
    access.checkKept('limber bot allow')
    const rule = `/${name} is for ${args.roles.join(', ')}`
    if (options.dryRun) return this.output.line(`It would be that ${rule}. Nothing was written.`)
    await access.allow(name, args.roles)
    const areOwnersNamed = args.roles.some((role) => role === 'owner' || role === 'all')
    this.output.line(`From now on, ${rule}${areOwnersNamed ? '' : '; and for owners, as everything'}.`)
  }
}
