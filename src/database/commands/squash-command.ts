/** @module limber db squash */
import { inject, injectable } from 'inversify'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { MigrationMessageError } from '../migrations/files/errors.ts'
import { namesMigration } from '../migrations/files/migration-writer.ts'
import { Migrations } from '../migrations/migrations.ts'
import { squash } from './definitions.ts'

@injectable()
export class SquashCommand implements Command<typeof squash> {
  static readonly definition = squash

  constructor(
    private readonly migrations: Migrations,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof squash>): Promise<void> {
    if (!namesMigration(options.message)) throw new MigrationMessageError(options.message)
    const result = await this.migrations.squash(options)
    const { replaces, statements, file } = result
    if (options.json) return this.output.json(result)
    if (replaces.length === 0) return this.output.line('There are not two migrations to make one of.')
    if (file === undefined) return this.output.line(statements.join(';\n'))
    this.output.line(`Wrote ${file}, which replaces ${replaces.length} migrations:`)
    for (const name of replaces) this.output.line(`  ${name}`)
    this.output.line('Databases that have all of them take it for applied with: limber db migrate')
  }
}
