/** @module limber db rollback */
import { inject, injectable } from 'inversify'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { Migrations } from '../migrations/migrations.ts'
import { rollback } from './definitions.ts'
import { reportRun } from './report-run.ts'

@injectable()
export class RollbackCommand implements Command<typeof rollback> {
  static readonly definition = rollback

  constructor(
    private readonly migrations: Migrations,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof rollback>): Promise<void> {
    const words = { done: 'Rolled back', planned: 'Would roll back', nothing: 'Nothing to roll back.' }
    const migrator = this.migrations.migrator(options.connection)
    await reportRun(this.output, words, options, (run) => migrator.rollback(run))
  }
}
