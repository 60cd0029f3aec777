/** @module limber db makemigrations */
import { inject, injectable } from 'inversify'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { MigrationMessageError } from '../migrations/errors.ts'
import { namesMigration } from '../migrations/files/migration-writer.ts'
import { Migrations } from '../migrations/migrations.ts'
import { makemigrations } from './definitions.ts'

@injectable()
export class MakemigrationsCommand implements Command<typeof makemigrations> {
  static readonly definition = makemigrations

  constructor(
    private readonly migrations: Migrations,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof makemigrations>): Promise<void> {
    if (!namesMigration(options.message)) throw new MigrationMessageError(options.message)
    const diff = await this.migrations.diff()
    const hasChanges = diff.up.length > 0
    const file = hasChanges && !options.dryRun ? this.migrations.write(options.message, diff) : undefined
    // Said in the answer for programs too, which read standard output only.
    for (const warning of diff.warnings) this.output.error(`Warning: ${warning}`)
    if (options.json) return this.output.json({ file, ...diff })
    if (!hasChanges)
      return this.output.line('The migrations describe the models as they are: nothing to write.')
    if (!file) return this.output.line(diff.up.join(';\n'))
    this.output.line(`Wrote ${file}`)
    this.output.line('Read it, then apply it with: limber db migrate')
  }
}
