/** @module limber db migrate */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { previewsOf } from '../migrations/guards/previews.ts'
import { productionGuard } from '../migrations/guards/production-guard.ts'
import { describeHazards } from '../migrations/guards/refuse-destructive.ts'
import type { Migrations } from '../migrations/migrations.ts'
import type { RunOptions } from '../migrations/run/run-options.ts'
import { explainBaseline, hasMigrations, makeTables } from '../modules/module-migrations.ts'
import { chosenMigrations } from '../modules/module-target.ts'
import { migrate } from './definitions.ts'
import { reportRun } from './report-run.ts'

@injectable()
export class MigrateCommand implements Command<typeof migrate> {
  static readonly definition = migrate

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof migrate>): Promise<void> {
    const migrations = await chosenMigrations(this.app, options, migrate.name)
    const words = {
      root: migrations.root,
      doing: 'Applying',
      done: 'Applied',
      planned: 'Would apply',
      nothing: 'Nothing to migrate.',
    }
    const migrator = migrations.migrator(options.connection)
    try {
      await reportRun(this.output, words, options, async (run) => {
        if (migrations.target && !hasMigrations(migrations)) return this.#fromModels(migrations, run)
        return migrator.migrate({ ...run, ...this.#guard(migrations, options, run.onWarning) })
      })
    } catch (error) {
      throw await explainBaseline(migrations, error, options.connection)
    }
  }

  /** The tables of a module without migrations come from its models; what is said of that is no answer for programs. */
  async #fromModels(migrations: Migrations, run: RunOptions): Promise<string[]> {
    const isMade = !run.dryRun && (await makeTables(migrations, run))
    if (isMade) this.output.error('There are no migrations: made what the models ask for.')
    return []
  }

  /** To be judged, migrations are run without a database: a second time, so only where something depends on it. */
  #guard(
    migrations: Migrations,
    { connection: name, allowDestructive, dryRun }: CommandInput<typeof migrate>['options'],
    onWarning: RunOptions['onWarning'],
  ): Pick<RunOptions, 'judge' | 'beforeStatement'> {
    const connection = migrations.connection(name)
    const { files } = migrations
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
