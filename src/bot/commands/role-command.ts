/** @module limber bot role: gives a user a role, or takes it away. */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { botRole } from './access-definitions.ts'
import { accessOf } from './access-of.ts'

@injectable()
export class RoleCommand implements Command<typeof botRole> {
  static readonly definition = botRole

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ args: { action, role, user }, options }: CommandInput<typeof botRole>): Promise<void> {
    const access = accessOf(this.app, botRole)
    access.checkMember(role, user)
    if (action === 'remove') access.checkRemovable(role, user)
    access.checkKept(`limber bot role ${action}`)
    if (options.dryRun) {
      const change = action === 'add' ? 'be given' : 'lose'
      return this.output.line(`User ${user} would ${change} the role "${role}". Nothing was written.`)
    }
    await (action === 'add' ? access.assign(role, user) : access.unassign(role, user))
    const state = action === 'add' ? 'has' : 'no longer has'
    this.output.line(`User ${user} ${state} the role "${role}".`)
  }
}
