/** @module limber bot rules: lists the rules of commands, and who has roles. */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { botRules } from './access-definitions.ts'
import { accessOf } from './access-of.ts'

@injectable()
export class RulesCommand implements Command<typeof botRules> {
  static readonly definition = botRules

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof botRules>): Promise<void> {
    const list = await accessOf(this.app, botRules).list()
    if (options.json) return this.output.json(list)
    const rules = list.rules.map(({ command, roles, keptIn }) => [`/${command}`, roles.join(', '), keptIn])
    if (rules.length > 0) this.output.table(['command', 'for', 'kept in'], rules)
    else this.output.line('No command has a rule: what the handlers say holds.')
    if (list.members.length === 0) return
    this.output.line()
    const members = list.members.map(({ role, user, keptIn }) => [role, user, keptIn])
    this.output.table(['role', 'user', 'kept in'], members)
  }
}
