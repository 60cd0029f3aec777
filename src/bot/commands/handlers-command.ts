/** @module limber bot handlers: lists who takes which updates. */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import type { Bot } from '../bot.ts'
import type { TextPattern } from '../handlers/handler-options.ts'
import type { RegisteredHandler } from '../handlers/registered-handler.ts'
import { botHandlers } from './definitions.ts'
import { loadedTable } from './loaded-table.ts'

@injectable()
export class HandlersCommand implements Command<typeof botHandlers> {
  static readonly definition = botHandlers

  constructor(
    @inject('app') private readonly app: Application,
    @inject('bot') private readonly bot: Bot,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof botHandlers>): Promise<void> {
    const { handlers } = await loadedTable(this.app, this.bot)
    const list = handlers.map(describe)
    if (options.json) return this.output.json(list)
    if (list.length === 0) return this.output.line('There are no handlers: add some to config/bot.ts.')
    const rows = list.map(({ name, kinds, commands, states, roles, module }) => [
      name,
      kinds.join(', '),
      commands.map((command) => `/${command}`).join(', '),
      states.join(', '),
      roles.join(', '),
      module ?? '',
    ])
    this.output.table(['handler', 'kinds', 'commands', 'state', 'for', 'module'], rows)
  }
}

function describe({ name, kinds, module, options }: RegisteredHandler) {
  return {
    name,
    module: module ?? null,
    kinds,
    commands: options.commands ?? [],
    description: options.description ?? null,
    states: listOf(options.state),
    roles: listOf(options.allowedFor),
  }
}

/** An expression is shown as it is written. */
function listOf(value: TextPattern | undefined): readonly string[] {
  return value === undefined ? [] : [value].flat().map(String)
}
