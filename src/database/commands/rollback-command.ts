/** @module limber db rollback */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { ForceNeededError } from '../migrations/run/errors.ts'
import { chosenMigrations } from '../modules/module-target.ts'
import { rollback } from './definitions.ts'
import { reportRun } from './report-run.ts'

@injectable()
export class RollbackCommand implements Command<typeof rollback> {
  static readonly definition = rollback

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof rollback>): Promise<void> {
    const { force, dryRun, connection } = options
    if (this.app.environment === 'production' && !force && !dryRun)
      throw new ForceNeededError('db rollback', 'what was written since is lost with what goes.')
    const migrations = await chosenMigrations(this.app, options, rollback.name)
    const words = {
      root: migrations.root,
      doing: 'Rolling back',
      done: 'Rolled back',
      planned: 'Would roll back',
      nothing: 'Nothing to roll back.',
    }
    const migrator = migrations.migrator(connection)
    await reportRun(this.output, words, options, (run) => migrator.rollback(run))
  }
}
