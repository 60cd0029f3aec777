/** @module limber db status */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { chosenMigrations } from '../modules/module-target.ts'
import { status } from './definitions.ts'

@injectable()
export class StatusCommand implements Command<typeof status> {
  static readonly definition = status

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof status>): Promise<void> {
    const migrations = await chosenMigrations(this.app, options, status.name)
    const list = await migrations.migrator(options.connection).status()
    if (options.json) return this.output.json(list)
    if (list.length === 0) return this.output.line('There are no migrations yet.')
    const rows = list.map(({ name, state, batch, appliedAt, isOutOfOrder }) => [
      name,
      isOutOfOrder ? `${state}, out of order` : state,
      batch,
      appliedAt,
    ])
    this.output.table(['migration', 'state', 'batch', 'applied at'], rows)
  }
}
