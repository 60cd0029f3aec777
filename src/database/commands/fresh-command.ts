/** @module limber db fresh */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import { Output } from '../../console/output.ts'
import { Migrations } from '../migrations/migrations.ts'
import { ForceNeededError } from '../migrations/run/errors.ts'
import { fresh } from './definitions.ts'
import { reportRun } from './report-run.ts'
import { SeedCommand } from './seed-command.ts'

@injectable()
export class FreshCommand implements Command<typeof fresh> {
  static readonly definition = fresh

  constructor(
    @inject('app') private readonly app: Application,
    private readonly migrations: Migrations,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof fresh>): Promise<void> {
    const { force, dryRun, json, connection, seed } = options
    if (this.app.environment === 'production' && !force && !dryRun)
      throw new ForceNeededError('db fresh', 'every row of the database is lost.')
    const words = {
      root: this.migrations.root,
      doing: 'Applying',
      done: 'Applied',
      planned: 'Would drop everything, then apply',
      nothing: 'There are no migrations to apply.',
    }
    const migrator = this.migrations.migrator(connection)
    const onDropped = (tables: readonly string[]) => {
      if (!json) this.output.line(`Dropped ${tables.length === 1 ? '1 table' : `${tables.length} tables`}`)
    }
    await reportRun(this.output, words, options, (run) => migrator.fresh({ ...run, onDropped }))
    if (!seed || dryRun) return
    // What seeders say is not a part of the answer for programs.
    const { stderr } = this.output
    const seeding = new SeedCommand(this.app, json ? new Output(stderr, stderr) : this.output)
    await seeding.run({ args: { name: 'database' }, options: { dryRun } })
  }
}
