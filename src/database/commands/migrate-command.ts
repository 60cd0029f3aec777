/** @module limber db migrate */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import type { RunSql } from '../connections/connection.ts'
import type { DatabaseManager } from '../database-manager.ts'
import { previewsOf } from '../migrations/guards/previews.ts'
import { describeHazards, refuseDestructive } from '../migrations/guards/refuse-destructive.ts'
import { Migrations } from '../migrations/migrations.ts'
import type { RunOptions } from '../migrations/run/run-options.ts'
import { migrate } from './definitions.ts'
import { reportRun } from './report-run.ts'

@injectable()
export class MigrateCommand implements Command<typeof migrate> {
  static readonly definition = migrate

  constructor(
    @inject('app') private readonly app: Application,
    @inject('db') private readonly db: DatabaseManager,
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
    await reportRun(this.output, words, options, (run) => {
      const judge = this.#judge(options, run.onWarning)
      return migrator.migrate({ ...run, judge })
    })
  }

  /** To be judged, migrations are run without a database: a second time, so only where something depends on it. */
  #judge(
    { connection, allowDestructive, dryRun }: CommandInput<typeof migrate>['options'],
    onWarning: RunOptions['onWarning'],
  ) {
    const { environment } = this.app
    if (!dryRun && environment !== 'production') return undefined
    return async (names: readonly string[], run: RunSql) => {
      const { files } = this.migrations
      const assessed = await previewsOf(this.db.connection(connection), files, names, { run })
      if (!dryRun) refuseDestructive(assessed, { environment, allowDestructive })
      for (const line of describeHazards(assessed)) onWarning?.(line)
    }
  }
}
