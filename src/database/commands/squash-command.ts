/** @module limber db squash */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { MigrationMessageError } from '../migrations/errors.ts'
import { namesMigration } from '../migrations/files/migration-writer.ts'
import { Migrations } from '../migrations/migrations.ts'
import { squash } from '../migrations/squash/squash.ts'
import { squash as definition } from './definitions.ts'

@injectable()
export class SquashCommand implements Command<typeof definition> {
  static readonly definition = definition

  constructor(
    @inject('app') private readonly app: Application,
    private readonly migrations: Migrations,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof definition>): Promise<void> {
    if (!namesMigration(options.message)) throw new MigrationMessageError(options.message)
    const result = await squash(this.app, this.migrations, options)
    const { replaces, statements, file } = result
    if (options.json) return this.output.json(result)
    if (replaces.length === 0) return this.output.line('There are not two migrations to make one of.')
    if (file === undefined) return this.output.line(statements.join(';\n'))
    this.output.line(`Wrote ${file}, which replaces ${replaces.length} migrations:`)
    for (const name of replaces) this.output.line(`  ${name}`)
    this.output.line('Databases that have all of them take it for applied with: limber db migrate')
  }
}
