/** @module limber db fresh */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import { CommandUsageError } from '../../console/errors.ts'
import { Output } from '../../console/output.ts'
import { ForceNeededError } from '../migrations/run/errors.ts'
import { hasMigrations, makeTables } from '../modules/module-migrations.ts'
import { chosenMigrations } from '../modules/module-target.ts'
import { fresh } from './definitions.ts'
import { reportRun } from './report-run.ts'
import { SeedCommand } from './seed-command.ts'

@injectable()
export class FreshCommand implements Command<typeof fresh> {
  static readonly definition = fresh

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof fresh>): Promise<void> {
    const { force, dryRun, json, connection, seed } = options
    if (this.app.environment === 'production' && !force && !dryRun)
      throw new ForceNeededError('db fresh', 'every row of the database is lost.')
    if (options.module !== undefined && seed)
      throw new CommandUsageError(
        fresh.name,
        'seeders fill the database of the application',
        'Leave out --seed.',
      )
    const migrations = await chosenMigrations(this.app, options, fresh.name)
    const words = {
      root: migrations.root,
      doing: 'Applying',
      done: 'Applied',
      planned: 'Would drop everything, then apply',
      nothing: 'There are no migrations to apply.',
    }
    const migrator = migrations.migrator(connection)
    const onDropped = (tables: readonly string[]) => {
      if (!json) this.output.line(`Dropped ${tables.length === 1 ? '1 table' : `${tables.length} tables`}`)
    }
    await reportRun(this.output, words, options, (run) => migrator.fresh({ ...run, onDropped }))
    if (!dryRun && migrations.target && !hasMigrations(migrations) && (await makeTables(migrations)) && !json)
      this.output.line('Made the tables of the models.')
    if (!seed || dryRun) return
    // What seeders say is not a part of the answer for programs.
    const { stderr } = this.output
    const seeding = new SeedCommand(this.app, json ? new Output(stderr, stderr) : this.output)
    await seeding.run({ args: { name: 'database' }, options: { dryRun } })
  }
}
