/** @module limber db migrate */
import { inject, injectable } from 'inversify'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { Migrations } from '../migrations/migrations.ts'
import { migrate } from './definitions.ts'
import { reportRun } from './report-run.ts'

@injectable()
export class MigrateCommand implements Command<typeof migrate> {
  static readonly definition = migrate

  constructor(
    private readonly migrations: Migrations,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof migrate>): Promise<void> {
    const words = {
      root: this.migrations.root,
      doing: 'Applying',
      done: 'Applied',
      planned: 'Would apply',
      nothing: 'Nothing to migrate.',
    }
    const migrator = this.migrations.migrator(options.connection)
    await reportRun(this.output, words, options, (run) => migrator.migrate(run))
  }
}
