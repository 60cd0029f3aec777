/** @module limber db status */
import { inject, injectable } from 'inversify'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { Migrations } from '../migrations/migrations.ts'
import { status } from './definitions.ts'

@injectable()
export class StatusCommand implements Command<typeof status> {
  static readonly definition = status

  constructor(
    private readonly migrations: Migrations,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof status>): Promise<void> {
    const list = await this.migrations.migrator(options.connection).status()
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
