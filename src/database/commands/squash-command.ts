/** @module limber db squash */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { MigrationMessageError } from '../migrations/files/errors.ts'
import { namesMigration } from '../migrations/files/migration-writer.ts'
import { chosenMigrations, migrateCommand } from '../modules/module-target.ts'
import { squash } from './definitions.ts'

@injectable()
export class SquashCommand implements Command<typeof squash> {
  static readonly definition = squash

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof squash>): Promise<void> {
    if (!namesMigration(options.message)) throw new MigrationMessageError(options.message)
    const migrations = await chosenMigrations(this.app, options, squash.name)
    const result = await migrations.squash(options)
    const { replaces, statements, file } = result
    if (options.json) return this.output.json(result)
    if (replaces.length === 0) return this.output.line('There are not two migrations to make one of.')
    if (file === undefined) return this.output.line(statements.join(';\n'))
    this.output.line(`Wrote ${file}, which replaces ${replaces.length} migrations:`)
    for (const name of replaces) this.output.line(`  ${name}`)
    this.output.line(
      `Databases that have all of them take it for applied with: ${migrateCommand(migrations)}`,
    )
  }
}
