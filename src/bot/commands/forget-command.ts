/** @module limber bot forget: forgets the rule of a command. */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { commandName } from '../access/command-name.ts'
import { botForget } from './access-definitions.ts'
import { accessOf } from './access-of.ts'

@injectable()
export class ForgetCommand implements Command<typeof botForget> {
  static readonly definition = botForget

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ args, options }: CommandInput<typeof botForget>): Promise<void> {
    const access = accessOf(this.app, botForget)
    const name = commandName(args.command)
    access.checkKept('limber bot forget')
    const { rules } = await access.list()
    const rule = rules.find(({ command, keptIn }) => command === name && keptIn === 'database')
    if (!rule) return this.output.line(`The database has no rule for /${name}.`)
    const was = `the rule that /${name} is for ${rule.roles.join(', ')}`
    if (options.dryRun) return this.output.line(`Would forget ${was}. Nothing was written.`)
    await access.forget(name)
    this.output.line(`Forgot ${was}.`)
  }
}
