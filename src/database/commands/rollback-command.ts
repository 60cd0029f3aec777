/** @module limber db rollback */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { Migrations } from '../migrations/migrations.ts'
import { ForceNeededError } from '../migrations/run/errors.ts'
import { rollback } from './definitions.ts'
import { reportRun } from './report-run.ts'

@injectable()
export class RollbackCommand implements Command<typeof rollback> {
  static readonly definition = rollback

  constructor(
    @inject('app') private readonly app: Application,
    private readonly migrations: Migrations,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof rollback>): Promise<void> {
    const { force, dryRun, connection } = options
    if (this.app.environment === 'production' && !force && !dryRun)
      throw new ForceNeededError('db rollback', 'what was written since is lost with what goes.')
    const words = {
      root: this.migrations.root,
      doing: 'Rolling back',
      done: 'Rolled back',
      planned: 'Would roll back',
      nothing: 'Nothing to roll back.',
    }
    const migrator = this.migrations.migrator(connection)
    await reportRun(this.output, words, options, (run) => migrator.rollback(run))
  }
}
