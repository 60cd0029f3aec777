/** @module limber db migrate */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import type { DatabaseManager } from '../database-manager.ts'
import { previewsOf } from '../migrations/guards/previews.ts'
import { productionGuard } from '../migrations/guards/production-guard.ts'
import { describeHazards } from '../migrations/guards/refuse-destructive.ts'
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
    await reportRun(this.output, words, options, (run) =>
      migrator.migrate({ ...run, ...this.#guard(options, run.onWarning) }),
    )
  }

  /** To be judged, migrations are run without a database: a second time, so only where something depends on it. */
  #guard(
    { connection: name, allowDestructive, dryRun }: CommandInput<typeof migrate>['options'],
    onWarning: RunOptions['onWarning'],
  ): Pick<RunOptions, 'judge' | 'beforeStatement'> {
    const connection = this.db.connection(name)
    const { files } = this.migrations
    if (!dryRun) {
      const isRefusing = this.app.environment === 'production' && !allowDestructive
      return isRefusing ? productionGuard(connection, files) : {}
    }
    return {
      judge: async (names, run) => {
        const assessed = await previewsOf(connection, files, names, { run })
        for (const line of describeHazards(assessed)) onWarning?.(line)
      },
    }
  }
}
