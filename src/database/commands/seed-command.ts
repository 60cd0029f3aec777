/** @module limber db seed */
import path from 'node:path'
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { allowRepeatedQueries } from '../insight/repeated-queries.ts'
import { SeederFiles } from '../seeders/seeder-files.ts'
import { Seeding } from '../seeders/seeding.ts'
import { seed } from './definitions.ts'

@injectable()
export class SeedCommand implements Command<typeof seed> {
  static readonly definition = seed

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ args, options }: CommandInput<typeof seed>): Promise<void> {
    const folder = this.app.config.find('database.seeders') ?? 'database/seeders'
    const Seeder = await new SeederFiles(path.resolve(this.app.root, folder)).load(args.name)
    if (options.dryRun) return this.output.line(`Would run ${Seeder.name}`)
    // Looking for each row before adding it is how a seeder may run twice.
    allowRepeatedQueries()
    await new Seeding(this.app, this.app.make('db.session'), (line) => this.output.line(line)).call(Seeder)
  }
}
