/** @module limber db init */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import { createApplication } from '../../application/create-application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { type FirstMigration, firstMigration } from '../migrations/init/first-migration.ts'
import { writeDatabaseConfig } from '../migrations/init/write-config.ts'
import { init } from './definitions.ts'
import { requireDatabase } from './require-database.ts'

@injectable()
export class InitCommand implements Command<typeof init> {
  static readonly definition = init

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof init>): Promise<void> {
    requireDatabase(this.app, init.name)
    const hasConfig = this.app.config.has('database')
    const config = hasConfig ? undefined : writeDatabaseConfig(this.app.root)
    if (config !== undefined && !options.json) this.output.line(`Wrote ${config}`)
    const first = hasConfig ? await firstMigration(this.app) : await this.#withNewConfig()
    if (options.json) this.output.json({ config, ...first })
    else this.#print(config, first)
  }

  /** The configuration of this application was read before there was one for its database. */
  async #withNewConfig(): Promise<FirstMigration> {
    await using app = await createApplication({ root: this.app.root })
    await app.boot()
    // Awaited here: the application ends with this function.
    return await firstMigration(app)
  }

  #print(config: string | undefined, { file, applied, hasMigrations }: FirstMigration): void {
    if (file !== undefined) this.output.line(`Wrote ${file}`)
    for (const name of applied) this.output.line(`Applied ${name}`)
    if (!hasMigrations)
      this.output.line('There are no models yet: list them in config/app.ts, and run it again.')
    else if (config === undefined && file === undefined && applied.length === 0)
      this.output.line('Configuration, migrations and database are there already: nothing was changed.')
  }
}
